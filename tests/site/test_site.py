"""The static pages: complete, harmless, self-contained, and equal to the marts."""

from __future__ import annotations

import csv
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from dagster_project.dashboard.strings import LANGUAGES
from dagster_project.site import SiteError, build
from dagster_project.site.bars import Group, Series, bars
from dagster_project.warehouse.home import Home
from dagster_project.warehouse.query import NotPublished
from tests.dashboard.conftest import HOSTILE, hostile_home  # noqa: F401 - a fixture
from tests.support.browser import browser, installed


class _Links(HTMLParser):
    """What a page refers to, and the tags it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [v for k, v in attrs if k in ("href", "src") and v]


def _read(page: Path) -> _Links:
    parser = _Links()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser


@pytest.fixture(scope="module")
def site(built_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "public"
    build(built_home, out)
    return out


def test_a_page_a_department_and_year_in_both_languages(site: Path, built_home: Home) -> None:
    with duckdb.connect(str(built_home.published), read_only=True) as con:
        ((years,),) = con.execute("select count(*) from marts.department_year").fetchall()
    assert len(list((site / "d").glob("*.html"))) == years
    assert len(list((site / "en" / "d").glob("*.html"))) == years
    assert build(built_home, site) == len(list(site.rglob("*.html"))) == len(LANGUAGES) * (years + 2)


def test_every_link_leads_somewhere_and_nothing_is_loaded(site: Path) -> None:
    for page in site.rglob("*.html"):
        read = _read(page)
        assert not read.tags & {"script", "link", "img", "iframe", "object", "embed"}
        assert "default-src 'none'" in unescape(page.read_text(encoding="utf-8"))
        for link in read.links:
            if not link.startswith(("http://", "https://")):
                assert (page.parent / link).resolve().exists(), f"{page}: {link}"


def test_page_says_what_the_marts_say(site: Path, built_home: Home) -> None:
    with duckdb.connect(str(built_home.published), read_only=True) as con:
        rows = con.execute(
            "select department_key, fiscal_year, department_name, actual, score from marts.department_year"
        ).fetchall()
        for key, year, name, actual, score in rows:
            page = (site / "d" / f"{key}-{year}.html").read_text(encoding="utf-8")
            assert f"<h1>{name} {year}</h1>" in page
            for value in (actual, score):
                assert value is None or f"{value:,.2f}" in page
            fails = con.execute(
                "select count(*) from marts.fct_reconciliation where outcome = 'fails' and department_key = ? "
                "and fiscal_year = ?",
                [key, year],
            ).fetchall()[0][0]
            assert page.count('<div class="card">') == fails


def test_data_are_complete(site: Path, built_home: Home) -> None:
    with duckdb.connect(str(built_home.published), read_only=True) as con:
        for table in ("department_year", "evidence", "fct_expenditure"):
            ((rows,),) = con.execute(f"select count(*) from marts.{table}").fetchall()
            with (site / "data" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as f:
                assert len(list(csv.reader(f))) == rows + 1
            parquet = site / "data" / f"{table}.parquet"
            assert duckdb.sql(f"select count(*) from '{parquet}'").fetchall() == [(rows,)]


def test_dictionary_explains_every_column(site: Path) -> None:
    page = (site / "dictionary.html").read_text(encoding="utf-8")
    assert "department_year" in page
    assert "execution_rate" in page
    assert not re.search(r"<td><code>[^<]*</code></td><td><code>[^<]*</code></td><td></td>", page)


def test_report_text_stays_text(hostile_home: Home, tmp_path: Path) -> None:  # noqa: F811
    build(hostile_home, tmp_path / "out")
    pages = list((tmp_path / "out" / "d").glob("*.html"))
    assert pages
    for page in pages:
        assert "<img" not in page.read_text(encoding="utf-8")
        assert not [link for link in _read(page).links if link.startswith("javascript:")]
    with (tmp_path / "out" / "data" / "dim_project.csv").open(encoding="utf-8-sig", newline="") as f:
        assert any(HOSTILE[:10] in cell for row in csv.reader(f) for cell in row)


def test_folder_of_somebody_else_is_left_alone(built_home: Home, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SiteError, match="empty folder"):
        build(built_home, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_nothing_published_is_said(empty_home: Home, tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match="jixiao run"):
        build(empty_home, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_bars_are_in_proportion_and_escape_names() -> None:
    from decimal import Decimal

    picture = bars(
        [Group("<b>甲</b>", [Series("budget", "预算", Decimal("200")), Series("actual", "执行", Decimal("50"))])],
        "图",
        "万元",
    )
    widths = [float(w) for w in re.findall(r'<rect class="\w+" x="170" y="\d+" width="([\d.]+)" height="13"', picture)]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(4 * widths[1], rel=0.01)
    assert "<b>" not in picture
    assert "200.00" in picture


@pytest.mark.skipif(installed() is not None, reason=str(installed()))
@pytest.mark.xdist_group("browser")
def test_opens_from_the_disk_in_a_browser(site: Path, tmp_path: Path) -> None:
    with browser(tmp_path) as window:
        window.open((site / "index.html").as_uri())
        window.click("(//td/a)[1]")
        window.wait("return document.querySelector('dl.tiles')")
        assert window.run("return getComputedStyle(document.querySelector('dl.tiles')).display") == "grid"
        window.click("//nav/a[contains(., 'English')]")
        window.wait_text("Back to the index")
        for width in (390, 1280):
            window.size(width, 900)
            assert window.run("return document.documentElement.scrollWidth") <= width
        assert window.strangers() == []
