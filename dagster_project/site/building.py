"""Writing the pages: every page is rendered before the folder is touched, and an unknown folder is never written over."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster_project.dashboard import queries
from dagster_project.dashboard.strings import LANGUAGES, Words
from dagster_project.dashboard.wording import exact, number, place_in_words, web_address
from dagster_project.site.bars import Group, Series, bars
from dagster_project.warehouse import exports, publishing, query
from dagster_project.warehouse.exports import Result, fetch
from dagster_project.warehouse.home import Home

if TYPE_CHECKING:
    import duckdb
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")
MARK = ".jixiao-site"  # says that a folder is ours to replace
MAIN_ACCOUNTS = ("total", "basic", "personnel", "operating", "project")
PUBLIC_ACCOUNTS = ("three_public", "overseas_travel", "reception", "vehicle_purchase", "vehicle_running")
_BUDGETS = ("full_year_budget", "adjusted_budget", "initial_budget")
_BATCH = 20_000


class SiteError(Exception):
    """The pages could not be written; the message says why and what to do."""


def build(home: Home, out: Path) -> int:
    """Write the pages into `out` (new, empty, or written by us before); returns how many HTML pages there are.

    Raises NotPublished and SiteError.
    """
    out = out.expanduser().absolute()
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).exists())):
        raise SiteError(f"{out} exists and was not written by jixiao site: name a new or an empty folder")
    with query.session(home) as con:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        try:
            pages = _write(con, home, work)
            (work / MARK).write_text("jixiao site\n", encoding="utf-8")
            work.chmod(0o755)
            _replace(work, out)
        except OSError as e:
            raise SiteError(f"{out} cannot be written: {e.strerror or e}") from e
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return pages


def _replace(new: Path, out: Path) -> None:
    old = new.with_name(new.name + ".old")
    if out.exists():
        os.replace(out, old)
    os.replace(new, out)
    shutil.rmtree(old, ignore_errors=True)


def _write(con: duckdb.DuckDBPyConnection, home: Home, work: Path) -> int:
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    environment = _environment(style)
    years = _rows(con, _INDEX)
    (about,) = _rows(con, queries.PUBLICATION)
    dictionary = _dictionary(con)
    common: dict[str, dict[str, Any]] = {}
    for language in LANGUAGES:
        folder = work if language == "zh" else work / language
        (folder / "d").mkdir(parents=True)
        up = "" if language == "zh" else "../"
        told: dict[str, Any] = {
            "words": Words(language),
            "language": language,
            "about": about,
            "up": up,
            "tables": dictionary,
        }
        _page(environment, "index.html", folder / "index.html", {**told, "years": years})
        _page(environment, "dictionary.html", folder / "dictionary.html", told)
        common[language] = {**told, "up": "../" + up, "folder": folder / "d"}
    for year in years:
        facts = _facts(con, year)
        for told in common.values():
            drawn = _groups_of(told["words"], facts["accounts"])
            target = told["folder"] / f"{page_name(year)}.html"
            _page(environment, "department.html", target, {**told, **facts, **drawn, "year": year})
    pages = len(LANGUAGES) * (2 + len(years))
    data = work / "data"
    data.mkdir()
    publishing.copy_parquet(home, data)
    for table in dictionary:
        _write_csv(con, table["name"], data / f"{table['name']}.csv")
    return pages


def page_name(year: dict[str, Any]) -> str:
    """The name of a page: stable from run to run, as the keys are."""
    return f"{year['department_key']}-{year['fiscal_year']}"


def _environment(style: str) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        style=Markup(style),  # noqa: S704 - a file of ours
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        number=number,
        exact=exact,
        place=place_in_words,
        link=web_address,
        page_name=page_name,
        bars=bars,
    )
    return environment


def _page(environment: Environment, template: str, target: Path, told: dict[str, Any]) -> None:
    target.write_text(environment.get_template(template).render(told), encoding="utf-8")


def _rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: tuple[object, ...] = ()) -> list[dict[str, Any]]:
    found = fetch(con, sql, parameters)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


_INDEX = """
    select y.*, d.department_type, concat_ws(' ', d.province, d.city, d.district) as division_path
    from marts.department_year as y join marts.dim_department as d using (department_key)
    order by y.division_code nulls last, y.department_name, y.fiscal_year desc
"""


def _facts(con: duckdb.DuckDBPyConnection, year: dict[str, Any]) -> dict[str, Any]:
    """Everything that a page shows of a department in a year, in no language."""
    key, of = year["department_key"], year["fiscal_year"]
    which = queries.Which(queries.Scope(of), key)
    disagreements = _rows(con, queries.disagreements(which, None), which.parameters)
    keys = tuple(dict.fromkeys(k for item in disagreements for k in item["evidence_keys"] or []))
    places = {p["evidence_key"]: p for p in _rows(con, queries.places(len(keys)), keys)} if keys else {}
    for item in disagreements:
        item["quotes"] = [places[k] for k in item["evidence_keys"] or [] if k in places]
    cards: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in _rows(con, queries.DEPARTMENT_SCORECARD, (key, of)):
        cards.setdefault((row["document_name"], row["form_no"]), []).append(row)
    return {
        "accounts": _rows(con, queries.DEPARTMENT_ACCOUNTS, (key, of, of)),
        "staff": _rows(con, queries.DEPARTMENT_STAFF, (key, of, of)),
        "cards": list(cards.values()),
        "projects": _rows(con, queries.DEPARTMENT_PROJECTS, (key, of)),
        "findings": _rows(con, queries.DEPARTMENT_FINDINGS, (key, of)),
        "disagreements": disagreements,
        "reports": [r for r in _rows(con, queries.DEPARTMENT_REPORTS, (key,)) if r["fiscal_year"] == of],
    }


def _groups_of(words: Words, accounts: list[dict[str, Any]]) -> dict[str, list[Group]]:
    """The bars of the two charts, named in a language."""
    return {
        "main_bars": _groups(words, accounts, MAIN_ACCOUNTS, ("budget", "actual")),
        "public_bars": _groups(words, accounts, PUBLIC_ACCOUNTS, ("prior_year_actual", "budget", "actual")),
    }


def _groups(
    words: Words, accounts: list[dict[str, Any]], codes: tuple[str, ...], series: tuple[str, ...]
) -> list[Group]:
    groups = []
    for code in codes:
        found = {a["measure"]: a for a in accounts if a["account_code"] == code}
        if not found:
            continue
        budget = next((found[m] for m in _BUDGETS if m in found), None)
        amounts: dict[str, Decimal | None] = {
            "budget": budget["amount_wan"] if budget else None,
            "actual": found["actual"]["amount_wan"] if "actual" in found else None,
            "prior_year_actual": found["prior_year_actual"]["amount_wan"] if "prior_year_actual" in found else None,
        }
        name = next(iter(found.values()))[words.pick("account_name_zh", "account_name_en")]
        groups.append(Group(name, [Series(s, words(s), amounts[s]) for s in series if amounts[s] is not None]))
    return [g for g in groups if g.series]


def _dictionary(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The marts with their columns, types, descriptions and rows."""
    tables = _rows(
        con,
        "select table_name as name, comment from duckdb_tables() "
        "where database_name = current_database() and schema_name = 'marts' order by 1",
    )
    for table in tables:
        table["columns"] = _rows(
            con,
            "select column_name as name, data_type as type, comment from duckdb_columns() "
            "where database_name = current_database() and schema_name = 'marts' and table_name = ? order by column_index",
            (table["name"],),
        )
        (counted,) = _rows(con, f'select count(*) as n from marts."{table["name"]}"')
        table["rows"] = counted["n"]
    return tables


def _write_csv(con: duckdb.DuckDBPyConnection, table: str, target: Path) -> None:
    """A mart as CSV, in batches; cells harmless to spreadsheets."""
    with target.open("wb") as out:
        out.write(b"\xef\xbb\xbf")
        for lines in _csv_batches(con, table):
            out.write(lines.encode())


def _csv_batches(con: duckdb.DuckDBPyConnection, table: str) -> Iterator[str]:
    done = con.execute(f'select * from marts."{table}"')
    columns = tuple(d[0] for d in done.description or [])
    yield exports.to_csv(Result(columns, ()))
    while batch := done.fetchmany(_BATCH):
        yield exports.to_csv(Result(columns, batch)).split("\n", 1)[1]
