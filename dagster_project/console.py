"""What a run shows in the terminal: progress while it works, a summary in words at its end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dagster_project.progress import Observer, listening

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from dagster_project.pipeline import Summary
    from dagster_project.warehouse.home import Home

_STAGES = {
    "archive": "archiving files",
    "read": "reading and extracting",
    "build": "building models, testing them",
    "check": "checking expectations",
    "publish": "publishing",
}


class _Bars(Observer):
    """A rich progress bar for each stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._total: int | None = None

    def stage(self, name: str, total: int | None = None) -> None:
        self._end()
        self._total = total
        if total != 0:
            self._task = self._progress.add_task(_STAGES.get(name, name), total=total, step="")

    def step(self, name: str) -> None:
        if self._task is not None:
            self._progress.update(self._task, advance=1, step=name[:48])

    def _end(self) -> None:
        if self._task is not None:
            task = self._progress.tasks[self._progress.task_ids.index(self._task)]
            self._progress.update(self._task, total=task.completed or 1, completed=task.completed or 1, step="")
            self._task = None

    def close(self) -> None:
        """The last stage is done."""
        self._end()


@contextmanager
def progress_bars() -> Iterator[None]:
    """Progress on the terminal's error output; silence where that is no terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    class Step(TextColumn):
        def render(self, task):  # type: ignore[no-untyped-def]
            task.fields["step"] = escape(str(task.fields.get("step", "")))
            return super().render(task)

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[step]}", markup=False),
        console=Console(stderr=True),
    ) as progress:
        bars = _Bars(progress)
        with listening(bars):
            yield
        bars.close()


def _count(n: int, one: str, many: str | None = None) -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def in_words(summary: Summary, home: Home) -> str:
    """The summary of a run, for the person who started it."""
    lines = []
    if summary.files_seen:
        known = summary.files_seen - summary.files_new
        lines.append(
            f"{_count(summary.files_seen, 'file')} looked at: {summary.files_new:,} new, {known:,} known already"
            + (f", {len(summary.quarantined):,} in quarantine" if summary.quarantined else "")
            + "."
        )
    for bad in summary.quarantined[:20]:
        lines.append(f"  quarantined ({bad.reason}): {bad.message}")
    if len(summary.quarantined) > 20:
        lines.append(f"  and {len(summary.quarantined) - 20:,} more: jixiao status")
    if summary.outcome == "failed":
        lines.append("The run failed; what was published before is unchanged.")
        lines += [f"  {words}" for words in summary.failures[:10]]
        return "\n".join(lines)
    f = summary.facts
    if f:
        lines.append(
            f"{_count(f['dim_report'], 'report')} in the warehouse: {f['fct_expenditure']:,} money figures, "
            f"{f['fct_kpi_score']:,} scored rows, {f['fct_operation']:,} other figures, "
            f"{f['report_finding']:,} problems and measures."
        )
    if summary.rules:
        r = summary.rules
        lines.append(
            f"Rules applied to the reports: {r.get('holds', 0):,} hold, {r.get('rounding', 0):,} differ by rounding, "
            f"{r.get('fails', 0):,} disagree, {r.get('not_applicable', 0):,} lack a term. See: jixiao check"
        )
    if summary.checks_passed or summary.checks_warned:
        lines.append(
            f"Checks of our own work: {summary.checks_passed:,} passed"
            + (f", {len(summary.checks_warned):,} warned." if summary.checks_warned else ", none failed.")
        )
        lines += [f"  {words}" for words in summary.checks_warned[:5]]
    if summary.note and summary.outcome == "published":
        lines.append(f"Note: {summary.note}")
    if summary.outcome == "unchanged":
        lines.append(f"Nothing new: the marts are up to date ({summary.seconds:.1f} s).")
    else:
        lines.append(f"Published in {summary.seconds:.1f} s.")
    lines.append(f"Marts:   {home.published}")
    lines.append(f"Parquet: {home.parquet}")
    lines.append('Next:    jixiao query "select * from department_year"')
    return "\n".join(lines)
