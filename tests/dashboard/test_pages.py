"""Every page in both languages, run as Streamlit runs it, without a browser."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dagster_project.dashboard import routes, server
from dagster_project.dashboard.components import unmarked
from dagster_project.dashboard.strings import LANGUAGES, Words, _all
from dagster_project.warehouse.home import Home
from tests.dashboard.conftest import HOSTILE

PAGES = [name for name in routes.ICONS if name != "evidence"]


def _open(home: Home, monkeypatch: pytest.MonkeyPatch, page: str, /, **address: str) -> Any:
    """A page after its first run; fails where it raised."""
    monkeypatch.setenv("JIXIAO_HOME", str(home.root))
    st.cache_resource.clear()
    at = AppTest.from_file(str(server.APP), default_timeout=60)
    at.run()
    if page != "overview":
        at.switch_page(f"views/{page}.py")
    for key, value in address.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception, at.exception
    return at


def _shown(at: Any) -> str:
    """All our own HTML of a page."""
    return "\n".join(str(e.proto.html.body if hasattr(e.proto, "html") else e.proto.body) for e in at.get("html"))


def _ask(home: Home, sql: str) -> Any:
    with duckdb.connect(str(home.published), read_only=True) as con:
        return con.execute(sql).fetchall()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_page_in_both_languages(built_home: Home, monkeypatch: pytest.MonkeyPatch, page: str, language: str) -> None:
    at = _open(built_home, monkeypatch, page, lang=language)
    words = Words(language)  # type: ignore[arg-type]
    shown = _shown(at)
    if page == "department":
        (name,) = _ask(built_home, "select department_name from marts.dim_department order by division_code limit 1")[0]
        assert name in shown
        assert words("wan") in shown
    else:
        assert f"<h1>{words(f'page.{page}')}</h1>" in shown
    other = Words("en" if language == "zh" else "zh")
    assert f"<h1>{other(f'page.{page}')}</h1>" not in shown


def test_filters_come_from_the_address_and_go_back_into_it(built_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    at = _open(built_home, monkeypatch, "overview", year="2021", division="4302")
    assert at.session_state["choice_year"] == 2021
    ((departments, actual),) = _ask(
        built_home,
        "select count(distinct department_key), sum(actual) filter (budget is not null) from marts.department_year "
        "where fiscal_year = 2021 and starts_with(division_code, '4302')",
    )
    shown = _shown(at)
    assert f"<b>{departments}<" in shown
    assert f"{actual:,.2f}" in shown
    at.selectbox(key="choice_year").set_value(0).run()
    assert "year" not in at.query_params
    assert at.query_params["division"] in ("4302", ["4302"])


def test_choice_that_does_not_exist_is_left_out(built_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    at = _open(built_home, monkeypatch, "overview", year="1066", division="'; drop table marts.evidence; --")
    assert at.session_state["choice_year"] == 0
    assert "year" not in at.query_params


ADDRESS = (
    "lang",
    "year",
    "division",
    "type",
    "department",
    "departments",
    "rule",
    "severity",
    "page",
    "metric",
    "indicator",
)
WORDS = ("q", "find", "place", "lost")


@pytest.mark.parametrize("page", [*PAGES, "evidence"])
@pytest.mark.parametrize(
    "hostile",
    [
        "') or 1=1; drop table marts.evidence; --",
        "x' union select content, 1, 2 from read_text('/etc/passwd') --",
        "../../../../etc/passwd\x00" + "9" * 5000,
    ],
)
def test_address_chooses_and_does_nothing_else(
    built_home: Home, monkeypatch: pytest.MonkeyPatch, page: str, hostile: str
) -> None:
    before = hashlib.sha256(built_home.published.read_bytes()).digest()
    at = _open(built_home, monkeypatch, page, **dict.fromkeys((*ADDRESS, *WORDS), hostile))
    assert "root:" not in _shown(at)
    assert hashlib.sha256(built_home.published.read_bytes()).digest() == before


def test_disagreement_shows_both_statements_and_their_places(built_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    at = _open(built_home, monkeypatch, "disagreements", rule="same_score_agrees")
    shown = _shown(at)
    rows = _ask(
        built_home,
        "select e.quote from marts.fct_reconciliation as x join marts.evidence as e "
        "on list_contains(x.evidence_keys, e.evidence_key) where x.rule_code = 'same_score_agrees' and outcome = 'fails'",
    )
    assert rows
    for (quote,) in rows:
        assert quote.replace("“", "“") in shown


def test_place_shows_the_words_around_it(built_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    ((key, quote),) = _ask(
        built_home, "select evidence_key, quote from marts.evidence order by char_start desc limit 1"
    )
    at = _open(built_home, monkeypatch, "evidence", place=key, lang="en")
    assert f"<mark>{quote}</mark>" in _shown(at)
    assert at.get("download_button"), "the archived original can be downloaded"


def test_place_that_is_gone_says_so(built_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    at = _open(built_home, monkeypatch, "evidence", place="nothing", lang="en")
    assert Words("en")("empty.evidence") in _shown(at)


@pytest.mark.parametrize("words", ["公务接待", "机关"])
def test_search_finds(built_home: Home, monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    at = _open(built_home, monkeypatch, "search", q=words)
    assert words in _shown(at)
    nothing = _open(built_home, monkeypatch, "search", q="查无此词")
    assert "没有找到" in _shown(nothing)


def test_nothing_published_says_what_to_do(empty_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for language in LANGUAGES:
        at = _open(empty_home, monkeypatch, "overview", lang=language)
        assert "jixiao run" in _shown(at)


def test_missing_fonts_say_what_to_install(built_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    import dagster_project.dashboard.fonts as fonts

    monkeypatch.setattr(fonts.sys, "platform", "linux")
    monkeypatch.setattr(fonts.shutil, "which", lambda name: None)
    monkeypatch.setattr(fonts.Path, "rglob", lambda self, pattern: iter(()))
    fonts.have_chinese.cache_clear()
    try:
        assert not fonts.have_chinese()
    finally:
        monkeypatch.undo()
    at = _open(built_home, monkeypatch, "overview")
    assert "fonts-noto-cjk" in _shown(at)
    fonts.have_chinese.cache_clear()


@pytest.mark.parametrize("page", [*PAGES, "evidence"])
def test_report_text_is_never_markup(hostile_home: Home, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    ((key,),) = _ask(hostile_home, "select evidence_key from marts.evidence limit 1")
    at = _open(hostile_home, monkeypatch, page, place=key, q="bold")
    assert "<img" not in _shown(at)
    assert not at.get("link_button"), "no link to an address that is not http"
    for element in at.main:
        label = getattr(getattr(element, "proto", None), "label", "")
        assert "**bold**" not in label, f"{element.type}: {label}"
    for kind in ("markdown", "title", "header", "subheader", "caption"):
        assert not any("bold" in e.value for e in at.get(kind))


def test_markdown_signs_lose_their_meaning() -> None:
    shown = unmarked(HOSTILE)
    assert "**" not in shown
    assert r"\[a\]\(http\:" in shown
    assert r"\<img" in shown
    assert unmarked("区政府\n办公室") == "区政府 办公室"


def test_one_strings_file_serves_every_key_in_both_languages() -> None:
    import re

    entries = _all()
    assert all(set(entry) == {"zh", "en"} and all(entry.values()) for entry in entries.values())
    for key, entry in entries.items():
        zh, en = (sorted(re.findall(r"\{(\w+)\}", entry[code])) for code in ("zh", "en"))
        assert zh == en, key
    folder = Path(server.APP).parent
    used = set()
    for source in [*folder.rglob("*.py"), *(folder.parent / "site").rglob("*.html")]:
        used |= set(re.findall(r"""\bwords\(\s*["']([\w.]+)["']""", source.read_text(encoding="utf-8")))
    assert used
    assert not used - set(entries)
