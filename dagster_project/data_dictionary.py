"""docs/data-dictionary.md from the dbt project: `python -m dagster_project.data_dictionary`, or `make dictionary`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dagster_project import modelling
from dagster_project.warehouse.home import DBT_PROJECT
from dagster_project.warehouse.schema import RAW

FILE = DBT_PROJECT.parent / "docs" / "data-dictionary.md"

# schema -> what it holds; others are the models' own business
_PARTS = {
    "marts": "Published tables, the public contract. 已发布的数据表（对外约定）。",
    "history": "Facts of earlier versions of a report. 报告早期版本的事实。",
    "reference": "Vocabularies, the CSV files of seeds/reference. 词表（seeds/reference 中的 CSV）。",
    RAW: "What reading a report gives, before any model; columns as extraction/rows.py says. 读取报告所得的原始数据。",
}
_TESTS = {
    "unique": "unique",
    "unique_together": "unique together",
    "relationships": "in {to}",
    "accepted_values": "one of {values}",
    "value_in_range": "{at_least} to {at_most}",
    "matches_pattern": "like {pattern}",
    "not_null": "filled",
}


def _languages(text: str) -> tuple[str, str]:
    """The English and the Chinese half of a description, which are divided by “ / ”."""
    english, _, chinese = " ".join(text.split()).rpartition(" / ")
    return english.strip(), chinese.strip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _tested(manifest: Mapping[str, Any]) -> dict[tuple[str, str], list[str]]:
    """(node, column) -> what its tests ask for, in words."""
    found: dict[tuple[str, str], list[str]] = {}
    for node in manifest["nodes"].values():
        about = node.get("test_metadata")
        if node["resource_type"] != "test" or not about or not node.get("column_name"):
            continue
        arguments = about["kwargs"].get("arguments") or about["kwargs"]
        words = {
            "to": str(arguments.get("to", "")).removeprefix("ref('").removesuffix("')"),
            "values": ", ".join(str(v) for v in arguments.get("values") or ()),
            "at_least": arguments.get("at_least", "…"),
            "at_most": arguments.get("at_most", "…"),
            "pattern": f"`{arguments.get('pattern', '')}`",
        }
        pattern = _TESTS.get(about["name"], about["name"].replace("_", " "))
        found.setdefault((node["attached_node"], node["column_name"]), []).append(pattern.format_map(words))
    return found


def _table(node: Mapping[str, Any], tested: Mapping[tuple[str, str], list[str]]) -> Iterator[str]:
    english, chinese = _languages(node["description"])
    name = node.get("alias") or node.get("identifier") or node["name"]
    yield f"### {node['schema']}.{name}\n\n{english}  \n{chinese}\n"
    if not node["columns"] or node["resource_type"] == "source":
        return  # as the row types of extraction/rows.py and warehouse/schema.py say
    yield "| column | type | meaning | 含义 | holds |\n|---|---|---|---|---|"
    for column in node["columns"].values():
        asked = [
            "filled" for c in column.get("constraints") or () if str(c["type"]).rpartition(".")[2].lower() == "not_null"
        ]
        asked += sorted(tested.get((node["unique_id"], column["name"]), []))
        in_english, in_chinese = _languages(column["description"])
        kind = column.get("data_type") or node["config"].get("column_types", {}).get(column["name"]) or ""
        cells = (f"`{column['name']}`", str(kind), in_english, in_chinese, "; ".join(dict.fromkeys(asked)))
        yield "| " + " | ".join(_cell(c) for c in cells) + " |"
    yield ""


def text() -> str:
    """The whole dictionary as Markdown. Raises modelling.DbtError when the project does not parse."""
    manifest = modelling.manifest()
    tested = _tested(manifest)
    nodes = [n for n in manifest["nodes"].values() if n["resource_type"] in ("model", "seed")]
    nodes += manifest["sources"].values()
    lines = [
        "# Data dictionary 数据字典\n",
        (
            "Made from the dbt project by `make dictionary`: change a description there, not here. The pages that "
            "`jixiao docs` opens say the same of the tables that are published. 由 dbt 项目生成，请勿手工修改。\n"
        ),
    ]
    for schema, about in _PARTS.items():
        lines.append(f"## {schema}\n\n{about}\n")
        for node in sorted((n for n in nodes if n["schema"] == schema), key=lambda n: str(n["name"])):
            lines += _table(node, tested)
    return "\n".join(lines).rstrip() + "\n"


def write(path: Path = FILE) -> Path:
    """Write the dictionary; returns the file."""
    path.write_text(text(), "utf-8")
    return path


if __name__ == "__main__":
    print(write())
