"""The documents are true: every link and picture is there, every command exists, every question of docs/marts.md is answered."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from dagster_project.warehouse import query
from dagster_project.warehouse.home import PROJECT_ROOT, Home

DOCUMENTS = [
    PROJECT_ROOT / "README.md",
    PROJECT_ROOT / "README.zh-CN.md",
    *sorted((PROJECT_ROOT / "docs").glob("*.md")),
]
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def _anchors(document: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in _LINK.findall(document.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), f"{document.name}: {link}"
        assert not anchor or anchor in _anchors(target), f"{document.name}: {link}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_command_exists(document: Path) -> None:
    from dagster_project.cli import cli

    known = set(cli.commands)
    named = set(re.findall(r"(?:^\s*|`|\.venv/bin/)jixiao ([a-z]+)\b", document.read_text(encoding="utf-8"), re.M))
    assert named <= known, document.name


def test_pictures_are_small_and_shown() -> None:
    shown = "".join(d.read_text(encoding="utf-8") for d in DOCUMENTS)
    for picture in (PROJECT_ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < 100_000, picture.name
        assert picture.name in shown, f"{picture.name} is shown nowhere"


def test_questions_of_the_marts_are_answered(built_home: Home) -> None:
    text = (PROJECT_ROOT / "docs" / "marts.md").read_text(encoding="utf-8")
    questions = re.findall(r"```sql\n(.*?)```", text, re.S)
    assert len(questions) >= 5
    with query.session(built_home) as con:
        for sql in questions:
            assert con.execute(sql).fetchall(), sql


def test_example_of_extraction_runs() -> None:
    text = (PROJECT_ROOT / "docs" / "how-extraction-works.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.S)
    example = example.replace('Path("', f'Path("{PROJECT_ROOT}/')
    told: dict[str, object] = {}
    exec(example, told)
    assert told["rows"].figures  # type: ignore[attr-defined]


def test_python_recipes_for_the_marts_run(built_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").symlink_to(built_home.root, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    text = (PROJECT_ROOT / "docs" / "bi.md").read_text(encoding="utf-8")
    told: dict[str, Any] = {}
    for recipe in re.findall(r"```python\n(.*?)```", text, re.S):
        exec(recipe, told)
    assert len(told["frame"]) == len(told["years"]) > 0
    assert str(told["years"]["actual"].dtype).startswith("decimal"), "amounts stay exact"
    assert "万元" in told["meaning"]["actual"]
