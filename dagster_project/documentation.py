"""Pages about the warehouse, in the home's docs/: data dictionary, data docs of the expectations, dbt's own docs."""

from __future__ import annotations

import html
import shutil
import tempfile
from pathlib import Path

from dagster_project import modelling, validation
from dagster_project.warehouse import query
from dagster_project.warehouse.exports import write_atomically
from dagster_project.warehouse.home import Home

_STYLE = (
    "body{font:15px/1.5 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ccc;text-align:left;padding:.3rem .6rem;"
    "vertical-align:top}th{background:#f3f3f3}code{white-space:nowrap}h2{margin-top:2.5rem}"
)


def dictionary(home: Home) -> str:
    """The data dictionary as one HTML page, from the comments of the published tables."""
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>",
        f"<title>Jixiao: data dictionary 数据字典</title><style>{_STYLE}</style><h1>Data dictionary 数据字典</h1>",
    ]
    with query.session(home) as con:
        tables = con.execute(
            "select schema_name, table_name, comment, estimated_size from duckdb_tables() "
            "where database_name = current_database() order by schema_name <> 'marts', schema_name, table_name"
        ).fetchall()
        links = ", ".join(f"<a href='#{html.escape(f'{s}.{t}')}'>{html.escape(t)}</a>" for s, t, _, _ in tables)
        parts.append(f"<p>{links}</p>")
        for schema, table, comment, size in tables:
            name = html.escape(f"{schema}.{table}")
            about = html.escape(comment or "")
            parts.append(f"<h2 id='{name}'><code>{name}</code></h2><p>{about}</p><p>{size:,} rows</p>")
            parts.append("<table><tr><th>column<th>type<th>meaning</tr>")
            for column, kind, words in con.execute(
                "select column_name, data_type, comment from duckdb_columns() where database_name = current_database() "
                "and schema_name = ? and table_name = ? order by column_index",
                [schema, table],
            ).fetchall():
                cells = (
                    f"<code>{html.escape(column)}</code>",
                    f"<code>{html.escape(kind)}</code>",
                    html.escape(words or ""),
                )
                parts.append("<tr>" + "".join(f"<td>{c}" for c in cells) + "</tr>")
            parts.append("</table>")
    return "\n".join(parts)


def write(home: Home) -> dict[str, Path]:
    """Write all pages; returns title -> page. The caller holds the writer's lock. Raises modelling.DbtError."""
    pages = {"data dictionary": home.docs / "dictionary.html"}
    write_atomically(pages["data dictionary"], dictionary(home).encode())
    validation.validate(home.warehouse, validation.suites(), home.docs / "expectations")
    pages["expectations"] = home.docs / "expectations" / "index.html"
    with tempfile.TemporaryDirectory(prefix="jixiao-docs-") as made:
        build = modelling.invoke(home, ["docs", "generate", "--static"], target=Path(made))
        if not build.ok:
            raise modelling.DbtError("; ".join(build.failures))
        pages["dbt: models, lineage"] = home.docs / "dbt.html"
        shutil.copyfile(Path(made) / "static_index.html", pages["dbt: models, lineage"])
    return pages
