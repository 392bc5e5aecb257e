"""The `jixiao` command. Imports stay inside the commands: `query` and `status` answer at once."""

from __future__ import annotations

import atexit
import gc
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from dagster_project import __version__

DONE, FAILED, WRONG_USAGE, QUARANTINED = 0, 1, 2, 3
_F = TypeVar("_F", bound=Callable[..., Any])


def _home_option(command: _F) -> _F:
    return click.option(
        "--home", "home_folder", metavar="DIR", help="Where everything is written. Default: $JIXIAO_HOME, else ./data"
    )(command)


def _format_option(*formats: str) -> Callable[[_F], _F]:
    return click.option("--format", "form", type=click.Choice(formats), default=formats[0], show_default=True)


def _output_option(command: _F) -> _F:
    return click.option(
        "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead"
    )(command)


def _home(folder: str | None) -> Any:
    from dagster_project.warehouse.home import Home

    return Home.find(folder)


# what would move the cursor, colour the screen, ring, or turn the direction of writing: names and words are strangers'
_CODES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _say(text: object, *, err: bool = False, nl: bool = True) -> None:
    """Print for a person; terminal codes in it are not carried out."""
    click.echo(_CODES.sub("\N{REPLACEMENT CHARACTER}", str(text)), err=err, nl=nl)


def _give_up(message: object, code: int = FAILED) -> NoReturn:
    _say(f"jixiao: {message}", err=True)
    sys.exit(code)


def _emit(text: str, output: Path | None) -> None:
    from dagster_project.warehouse.exports import ExportError, write_atomically

    if output is None:
        # what another program reads stays as it is
        (_say if sys.stdout.isatty() else click.echo)(text, nl=not text.endswith("\n"))
        return
    try:
        # spreadsheets take a CSV for UTF-8 only with a mark in front
        mark = b"\xef\xbb\xbf" if output.suffix.lower() == ".csv" else b""
        write_atomically(output, mark + text.encode())
    except ExportError as e:
        _give_up(e)
    _say(f"written to {output}", err=True)


def _written(result: Any, form: str) -> str:
    from dagster_project.warehouse import exports

    if form == "csv":
        return exports.to_csv(result)
    return exports.to_json(result) if form == "json" else exports.to_table(result)


def _marts(folder: str | None) -> Any:
    """The published marts, or the end of the program with a sentence."""
    from dagster_project.warehouse.query import NotPublished, published

    try:
        return published(_home(folder))
    except NotPublished as e:
        _give_up(e)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jixiao")
def cli() -> None:
    """Jixiao: Chinese departmental budget performance reports as checked data.

    Start with `jixiao run FOLDER`, then `jixiao query "select * from department_year"`.
    """


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_home_option
@click.option("--source-url", help="The page that these files were published on; kept as their provenance")
@click.option("--workers", type=click.IntRange(min=0), help="Processes that read files. Default: the CPUs")
@click.option("--full-refresh", is_flag=True, help="Read every archived file again and rebuild every table")
@click.option(
    "--wait", type=click.FloatRange(min=0), default=900.0, show_default=True, help="Seconds to wait for another run"
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What reads and builds",
)
@click.option("--master", metavar="URL", help="Spark's master, with --engine spark. Default: local[*]")
@click.option("--verbose", "-v", is_flag=True, help="Show the log of the run")
def run(  # noqa: PLR0917 - click hands them over by name
    paths: tuple[Path, ...],
    home_folder: str | None,
    source_url: str | None,
    workers: int | None,
    full_refresh: bool,
    wait: float,
    engine: str,
    master: str | None,
    verbose: bool,
) -> None:
    """Reports in, checked marts out: archive, read, stage, build, validate, publish.

    PATHS are files, folders or .zip archives of reports; without any, the reports that come with the project. Running again
    is cheap and changes nothing. Exit code 0: done; 1: the run failed; 2: wrong usage; 3: done, but some files are in quarantine.
    """
    from dagster_project.modelling import DbtError
    from dagster_project.warehouse import archive
    from dagster_project.warehouse.home import BUNDLED_REPORTS, HomeError
    from dagster_project.warehouse.lock import Busy, writer

    if master and engine != "spark":
        _give_up("--master names a Spark cluster: add --engine spark", WRONG_USAGE)
    if engine == "spark":
        from dagster_project.spark import session

        master = master or session.LOCAL
        try:
            session.check()
        except session.SparkUnavailable as e:
            _give_up(e)
    home = _home(home_folder)
    named = [p.expanduser().absolute() for p in paths] or [BUNDLED_REPORTS]
    try:
        archive.discover(named, home)  # looks at the paths; archives when it is walked
    except archive.InputError as e:
        _give_up(e, WRONG_USAGE)
    try:
        with writer(home, "jixiao run", wait, lambda words: _say(words, err=True)):
            from dagster_project import console, pipeline

            with console.progress_bars():
                summary = pipeline.run(
                    home,
                    named,
                    source_url=source_url,
                    workers=workers,
                    full_refresh=full_refresh,
                    spark_master=master,
                    verbose=verbose,
                )
    except (Busy, HomeError, DbtError) as e:
        _give_up(e)
    except KeyboardInterrupt:
        _give_up("interrupted; what was published before is unchanged, run again to go on", 130)
    except OSError as e:
        _give_up(f"the run failed: {e}; what was published before is unchanged")
    _say(console.in_words(summary, home))
    atexit.register(_leave_at_once)
    if summary.outcome == "failed":
        sys.exit(FAILED)
    sys.exit(QUARANTINED if summary.quarantined else DONE)


def _leave_at_once() -> None:
    """Before Python ends it looks for cycles among all objects: after a run more than a second. Without that DuckDB's
    binding believes that its objects leaked, and says so."""
    from dagster_project.validation import hush

    gc.freeze()
    hush()


@cli.command()
@click.argument("sql")
@_home_option
@_format_option("table", "csv", "json", "parquet")
@_output_option
def query(sql: str, home_folder: str | None, form: str, output: Path | None) -> None:
    """Ask the published marts in SQL; read-only.

    Tables are found without their schema: department_year, fct_expenditure, fct_reconciliation, ...
    """
    import duckdb

    from dagster_project.warehouse import exports

    with _marts(home_folder) as con:
        try:
            if form == "parquet":
                if output is None:
                    _give_up("--format parquet needs --output FILE", WRONG_USAGE)
                rows = exports.to_parquet(con, sql, output)
                _say(f"{rows} rows written to {output}", err=True)
                return
            result = exports.fetch(con, sql)
        except (duckdb.Error, exports.ExportError) as e:
            _give_up(e)
    _emit(_written(result, form), output)


@cli.command()
@click.argument("report")
@_home_option
@click.option("--diff", is_flag=True, help="What changed against the version before")
def report(report: str, home_folder: str | None, diff: bool) -> None:
    """One report's facts beside the quoted words, its scores, and where it disagrees with itself.

    REPORT is a document's name or path, a report key, or department/year, such as 区政府办公室/2022.
    """
    from dagster_project.warehouse import exports, reviewing

    with _marts(home_folder) as con:
        try:
            head = reviewing.find_report(con, report)
        except reviewing.NoSuchReport as e:
            _give_up(e, WRONG_USAGE)
        _say(f"{head.department_name} {head.fiscal_year}  {head.title or ''}".rstrip())
        _say(f"{head.document_name}  ({head.report_kind}, version {head.version}, key {head.report_key})\n")
        if diff:
            others = [v for v in reviewing.versions(con, head) if v.version < head.version]
            if not others:
                _say("This report has one version only: nothing to compare.")
                return
            _say(f"changed since version {others[0].version} ({others[0].document_name})")
            _say(exports.to_table(reviewing.difference(con, head, others[0])))
            return
        for title, result in reviewing.report_sections(con, head.report_key).items():
            _say(f"== {title}")
            _say(exports.to_table(result, 48))
        _say("== disagreements")
        _print_disagreements(reviewing.disagreements(con, head.report_key))


def _print_disagreements(result: Any) -> None:
    at = {name: i for i, name in enumerate(result.columns)}
    if not result.rows:
        _say("none\n")
        return
    for row in result.rows:
        who = f"{row[at['department_name']]} {row[at['fiscal_year']]}"
        _say(f"{row[at['no']]}. [{row[at['severity']]}] {who}  {row[at['rule_code']]} {row[at['rule_name_zh']]}")
        _say(f"    {row[at['message_zh']]}")
        _say(f"    {row[at['message_en']]}")
        if row[at["same_cause_as"]]:
            _say(f"    同一原因 / same cause as: {row[at['same_cause_as']]}")
        if row[at["quotes"]]:
            _say(f"    “{' '.join(str(row[at['quotes']]).split())[:300]}”")
    n = len(result.rows)
    _say(f"({n} disagreement{'' if n == 1 else 's'})\n")


@cli.command()
@click.argument("report", required=False)
@_home_option
@_format_option("table", "csv", "json", "xlsx")
@_output_option
def check(report: str | None, home_folder: str | None, form: str, output: Path | None) -> None:
    """The disagreements of a report, or of all: worst first, with quotes."""
    from dagster_project.warehouse import exports, reviewing

    with _marts(home_folder) as con:
        try:
            key = reviewing.find_report(con, report).report_key if report else None
        except reviewing.NoSuchReport as e:
            _give_up(e, WRONG_USAGE)
        result = reviewing.disagreements(con, key)
    if form == "table" and output is None:
        _print_disagreements(result)
    elif form == "xlsx":
        if output is None:
            _give_up("--format xlsx needs --output FILE", WRONG_USAGE)
        try:
            exports.to_xlsx({"disagreements": result}, output)
        except exports.ExportError as e:
            _give_up(e)
        _say(f"{len(result.rows)} disagreements written to {output}", err=True)
    else:
        _emit(_written(result, form), output)


@cli.command()
@_home_option
@click.option("--unmapped", is_flag=True, help="Labels that no vocabulary knows, with an example of each")
def status(home_folder: str | None, unmapped: bool) -> None:
    """What is ingested, published and quarantined, and the last runs."""
    import duckdb

    from dagster_project.warehouse import exports, lock, query, reviewing

    home = _home(home_folder)
    if unmapped:
        with _marts(home_folder) as con:
            _say(exports.to_table(reviewing.unmapped(con), 48))
        return
    _say(f"home       {home.root}")
    quarantine = runs = balance = None
    if home.published.exists():
        with query.published(home) as con:
            ((at, reports, kinds),) = con.execute(
                "select (select published_at from metadata.build), count(*), count(distinct document_format) "
                "from marts.dim_report where is_current"
            ).fetchall()
            facts = con.execute(
                "select (select count(*) from marts.fct_expenditure), (select count(*) from marts.fct_kpi_score), "
                "(select count(*) from marts.fct_operation), "
                "(select count(*) from marts.fct_reconciliation where outcome = 'fails')"
            ).fetchall()[0]
            _say(f"published  {at:%Y-%m-%d %H:%M:%S} UTC  {home.published}")
            _say(
                f"           {reports:,} reports in {kinds} formats, {facts[0]:,} money figures, {facts[1]:,} scored rows, "
                f"{facts[2]:,} other figures, {facts[3]:,} disagreements"
            )
            quarantine, runs = reviewing.quarantine_and_runs(con, "metadata")
            balance = reviewing.balance(con)
    else:
        _say("published  nothing yet: start with `jixiao run`")
    if not lock.is_free(home):
        _say(f"writing    {lock.holder(home)}; what follows is as of the last publication")
    elif home.warehouse.exists():
        try:
            with duckdb.connect(str(home.warehouse), read_only=True) as con:
                quarantine, runs = reviewing.quarantine_and_runs(con, "raw")
        except duckdb.Error:
            pass  # opened by an analyst's tool meanwhile: the publication has told what it knows
    if quarantine is not None:
        n = len(quarantine.rows)
        _say(f"quarantine {n} file{'' if n == 1 else 's'}" + (f"  ({home.quarantine})" if n else ""))
        for name, reason, message, _ in quarantine.rows[:50]:
            _say(f"           {name} ({reason}): {message}")
        if n > 50:
            _say(f'           and {n - 50} more: jixiao query "select * from quarantine"')
    if balance is not None:
        _say("\nbalance of the publication: what came in, and where it is")
        _say(exports.to_table(balance))
    if runs is not None:
        _say("\nlast runs")
        _say(exports.to_table(runs, 40))


@cli.command()
@_home_option
@click.option(
    "--to", "target", required=True, metavar="TARGET", help="A folder (Parquet), a .xlsx file, or a postgresql:// URL"
)
def publish(home_folder: str | None, target: str) -> None:
    """Hand the published marts to other tools: Parquet folder, xlsx, PostgreSQL."""
    from dagster_project.warehouse import exports, publishing

    home = _home(home_folder)
    with _marts(home_folder) as con:
        try:
            if target.startswith(("postgresql://", "postgres://")):
                rows = exports.to_postgres(con, target)
                _say(f"{len(rows)} tables, {sum(rows.values()):,} rows in {exports.hide_password(target)}")
            elif target.lower().endswith(".xlsx"):
                cut = exports.marts_workbook(con, Path(target))
                _say(f"written to {target}" + (f"; cut at a sheet's limit of rows: {', '.join(cut)}" if cut else ""))
            elif "://" in target or Path(target).suffix:
                _give_up(f"{target}: name a folder, a file ending in .xlsx, or a postgresql:// URL", WRONG_USAGE)
            else:
                files = publishing.copy_parquet(home, Path(target))
                _say(f"{len(files)} Parquet files in {target}")
        except (exports.ExportError, OSError) as e:
            _give_up(e)


@cli.command()
@_home_option
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
def dashboard(home_folder: str | None, port: int) -> None:
    """The web dashboard on localhost."""
    from dagster_project.dashboard import serve

    sys.exit(serve(_home(home_folder), port))


@cli.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@_home_option
def site(out: Path, home_folder: str | None) -> None:
    """Static pages for public disclosure in the folder OUT."""
    from dagster_project.site import SiteError, build
    from dagster_project.warehouse.query import NotPublished

    try:
        pages = build(_home(home_folder), out)
    except (NotPublished, SiteError) as e:
        _give_up(e)
    _say(f"{pages} pages in {out}: open {out / 'index.html'}")


@cli.command()
@_home_option
@click.option("--open/--no-open", "show", default=False, help="Open the pages in the browser")
def docs(home_folder: str | None, show: bool) -> None:
    """The data docs of the expectations, the data dictionary, and dbt's own docs."""
    from dagster_project import documentation
    from dagster_project.modelling import DbtError
    from dagster_project.warehouse.lock import Busy, writer

    home = _home(home_folder)
    _marts(home_folder).close()
    try:
        with writer(home, "jixiao docs", 60, lambda words: _say(words, err=True)):
            pages = documentation.write(home)
    except (Busy, DbtError) as e:
        _give_up(e)
    for title, page in pages.items():
        _say(f"{title:<22}{page}")
    if show:
        click.launch(str(next(iter(pages.values()))))


@cli.command()
@click.argument("name", default="mine")
@_home_option
@click.option("--fresh", is_flag=True, help="Replace a sandbox of this name by a new copy")
def sandbox(name: str, home_folder: str | None, fresh: bool) -> None:
    """An analyst's own copy of the warehouse to build in, with dbt ready to use."""
    from dagster_project.warehouse.lock import Busy, writer
    from dagster_project.warehouse.sandbox import SandboxError, make

    home = _home(home_folder)
    try:
        with writer(home, "jixiao sandbox", 60, lambda words: _say(words, err=True)):
            copy = make(home, name, fresh)
    except (Busy, SandboxError) as e:
        _give_up(e)
    _say(f"Your copy: {copy.warehouse}\nUse it in this shell:\n\n    source {copy.activate}\n")
    _say(
        'then, in the project\'s folder:\n\n    dbt build --select department_year+\n    dbt show --inline "select * from marts.department_year"\n'
    )


@cli.command()
@_home_option
@click.option("--reread", is_flag=True, help="Also read every archived file again: is its text still the kept one")
def verify(home_folder: str | None, reread: bool) -> None:
    """Archive against hashes, published against warehouse, evidence against archived text. Prints what is off."""
    from dagster_project.warehouse.lock import Busy, writer
    from dagster_project.warehouse.verifying import verify as look

    home = _home(home_folder)
    _marts(home_folder).close()
    try:
        with writer(home, "jixiao verify", 60, lambda words: _say(words, err=True)):
            findings = look(home, reread)
    except Busy as e:
        _give_up(e)
    off = 0
    for finding in findings:
        _say(
            f"{'ok ' if not finding.off else 'OFF'}  {finding.what}: {finding.looked_at:,} looked at, {len(finding.off):,} off"
        )
        for words in finding.off[:20]:
            _say(f"       {words}")
        off += len(finding.off)
    sys.exit(FAILED if off else DONE)


@cli.command()
@_home_option
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Anybody who reaches it can start runs: keep it local"
)
def dev(home_folder: str | None, port: int, host: str) -> None:
    """Dagster's own UI with the same assets, checks, schedules and sensors."""
    from dagster_project import logs
    from dagster_project.modelling import LINEAGE_VARIABLE
    from dagster_project.warehouse.home import HOME_VARIABLE, PROJECT_ROOT, HomeError, silence_telemetry
    from dagster_project.warehouse.instance import InstanceError, end_lost_runs, prepare

    silence_telemetry()
    home = _home(home_folder)
    try:
        storage = prepare(home.prepare())
    except (HomeError, InstanceError) as e:
        _give_up(e)
    environment = {
        LINEAGE_VARIABLE: "1",
        **os.environ,
        HOME_VARIABLE: str(home.root),
        "DAGSTER_HOME": str(storage),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT_ROOT), os.environ.get("PYTHONPATH")])),
    }
    end_lost_runs(home)
    command = [sys.executable, "-m", "dagster", "dev", "-m", "dagster_project.definitions", "-h", host, "-p", str(port)]
    if logs.as_json():
        command += ["--log-format", "json"]
    os.execvpe(command[0], command, environment)  # noqa: S606 - Dagster's own program takes this process's place


def main() -> None:
    """Entry point of the `jixiao` command."""
    from dagster_project import logs
    from dagster_project.warehouse.home import silence_telemetry

    silence_telemetry()
    logs.configure()
    cli()


if __name__ == "__main__":
    main()
