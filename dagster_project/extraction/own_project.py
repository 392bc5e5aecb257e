"""Which project a project's self-evaluation report is about: by its title, the line 项目名称 on its first pages, or its one form."""

from __future__ import annotations

import re

from dagster_project.extraction.collector import Collector
from dagster_project.extraction.divisions import gazetteer
from dagster_project.extraction.rows import Identity
from dagster_project.extraction.subjects import SOME_MONEY, unquoted
from dagster_project.reading.folding import fold

_IN_BRACKETS = re.compile(r"报告[(（]([^()（）]{3,40}(?:资金|经费|项目|专项|补助|补贴|工程))[)）]$")
_TITLE = re.compile(
    r"(?:^|20\d\d年?(?:度)?|[局委办院校厅处会府部站所社]|中心)(?:关于)?([^,。0-9]{3,40}?)(?:项目)?(?:支出|(?<!专项)(?<!补助)资金)?的?绩效(?:自评|评价)"
)
_OPENING = re.compile(r"^(?:20\d\d年?(?:度)?|的|关于|部门|单位|项目)+")
_NO_NAME = re.compile(r"支出|预算|财政|自评|[局委办院厅]$")
_LINE = re.compile(
    r"^[ \t]*(?:[一1][、.])?项[ \t]*目[ \t]*名[ \t]*称[ \t]*:[ \t]*([^\s,;。:]{3,60})[ \t]*$", re.MULTILINE
)
_FIRST_PAGES = 3000  # characters
_CODE = re.compile(r"^[\dA-Z]{6,}[-_]?")


def own_project(identity: Identity, collector: Collector) -> str | None:
    """The name of the project; None in other reports, and where the report names none or several."""
    if identity.report_kind != "project_self_evaluation":
        return None
    return _titled(identity) or _labelled(collector.document.text) or _of_the_form(collector)


def _titled(identity: Identity) -> str | None:
    title = re.sub(r"\s+", "", identity.title or "")
    m = _IN_BRACKETS.search(title) or _TITLE.search(title)
    name = m[1] if m else ""
    for office in (identity.department_name, identity.department_as_written):
        if office and (at := name.find(office)) >= 0:
            name = name[at + len(office) :]
    place = gazetteer().prefix(name)
    if place is not None and name[: place.end].endswith(tuple("省市州县区旗")):
        name = name[place.end :]
    name = _OPENING.sub("", name).strip('“”"「」《》')
    generic = SOME_MONEY.fullmatch(name) or _NO_NAME.fullmatch(name)
    return None if len(name) < 3 or generic else name


def _labelled(text: str) -> str | None:
    """The name on the lines 项目名称：…; None where they name several."""
    found = {_CODE.sub("", unquoted(m[1])) for m in _LINE.finditer(fold(text[:_FIRST_PAGES]).text)}
    return found.pop() if len(found) == 1 else None


def _of_the_form(collector: Collector) -> str | None:
    """The project of all rows of the report's forms."""
    found = {row.project_name for row in collector.form_rows}
    return found.pop() if len(found) == 1 else None
