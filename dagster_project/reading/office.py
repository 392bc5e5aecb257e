"""Old office formats through LibreOffice: .doc, .wps, .et, .rtf and the like become .docx or .xlsx for the ordinary
readers.

LibreOffice is optional. It runs without a window, with a profile of its own that is thrown away (macros off, no links
followed), in a process group of its own that is killed at the time limit. Starting it costs about 1.5 s, a file
0.2 s: `convert_many` starts it once for many files.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dagster_project.reading import guards
from dagster_project.reading.model import Document, ReadError
from dagster_project.reading.sniff import sniff

# Format (as `sniff` names it) -> suffix that LibreOffice is given, format that it writes.
CONVERSIONS: Mapping[str, tuple[str, str]] = {
    "doc": (".doc", "docx"),
    "wps": (".doc", "docx"),
    "rtf": (".rtf", "docx"),
    "odt": (".odt", "docx"),
    "word-xml": (".xml", "docx"),
    "xls": (".xls", "xlsx"),
    "et": (".xls", "xlsx"),
    "ods": (".ods", "xlsx"),
    "excel-xml": (".xml", "xlsx"),
}
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
SECONDS_FOR_ONE = 45.0  # an ordinary report takes 2; must end before the worker's own wall limit
SECONDS_FOR_EACH_OF_MANY = 6.0
_MEMORY_KB = 983_040  # the same 960 MB as a worker
_MACOS = "/Applications/LibreOffice.app/Contents/MacOS/soffice"

# Macros never run, and nothing outside the file is fetched while loading.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}
</oor:items>
"""
_ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
)

_provided: dict[str, Path | ReadError] = {}


def soffice_path() -> str | None:
    """The LibreOffice program: `JIXIAO_SOFFICE`, then the search path, then macOS's usual place; None when there is
    none."""
    named = os.environ.get("JIXIAO_SOFFICE")
    if named is not None:
        return shutil.which(named) if named else None
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None and Path(_MACOS).exists():
        found = _MACOS
    return found


@contextlib.contextmanager
def provided(document_sha256: str, converted: Path | ReadError | None) -> Iterator[None]:
    """While this is open, `read_office` of the bytes with that hash uses a conversion that was made before."""
    if converted is not None:
        _provided[document_sha256] = converted
    try:
        yield
    finally:
        _provided.pop(document_sha256, None)


def read_office(data: bytes, name: str) -> Document:
    """Read a file of a format in `CONVERSIONS` through LibreOffice. `Document.format` stays the file's own (doc,
    wps, et).

    Raises `ReadError`: "needs_libreoffice", "encrypted", "timeout", "damaged" (LibreOffice cannot load it), and what
    the
    reader of the converted file raises.
    """
    kind = _kind(data, name)
    ready = _provided.get(hashlib.sha256(data).hexdigest()) if _provided else None
    if isinstance(ready, ReadError):
        raise ready
    if ready is not None:
        return _read_converted(ready.read_bytes(), name, kind)
    with tempfile.TemporaryDirectory(prefix="jixiao-office-") as folder:
        source = Path(folder) / "source"
        source.write_bytes(data)
        result = convert_many([(name, source)], Path(folder) / "out")[0]
        if isinstance(result, ReadError):
            raise result
        return _read_converted(result.read_bytes(), name, kind)


def _kind(data: bytes, name: str) -> str:
    kind = sniff(data, name)
    if kind not in CONVERSIONS:
        raise ReadError("unsupported", f"{name}: {kind} is not a format that goes through LibreOffice")
    if kind in ("doc", "wps") and _word_is_encrypted(data):
        raise ReadError("encrypted", f"{name}: the file has a password; ask the publisher for a copy without one")
    return kind


def _read_converted(data: bytes, name: str, kind: str) -> Document:
    if CONVERSIONS[kind][1] == "docx":
        from dagster_project.reading.docx import read_docx

        document = read_docx(data, name)
    else:
        from dagster_project.reading.xlsx import read_xlsx

        document = read_xlsx(data, name)
    return replace(document, format=kind)


def _word_is_encrypted(data: bytes) -> bool:
    """The fEncrypted bit of the file information block, which opens the WordDocument stream ([MS-DOC] 2.5.2)."""
    for offset in range(512, len(data) - 12, 512):
        if data[offset : offset + 2] == b"\xec\xa5":
            flags: int = struct.unpack_from("<H", data, offset + 10)[0]
            return bool(flags & 0x0100)
    return False


def convert_many(
    files: Sequence[tuple[str, Path]], folder: Path, stop: threading.Event | None = None
) -> list[Path | ReadError]:
    """Convert files into `folder`; one result for each, in order: the .docx or .xlsx, or the reason why there is none.

    `files` are (name for people, path) pairs. What a joint start of LibreOffice does not convert is tried once more by
    itself, so that a bad file costs no other one. `stop` ends the work early (the rest is "timeout").
    """
    results: list[Path | ReadError | None] = [None] * len(files)
    program = soffice_path()
    folder.mkdir(parents=True, exist_ok=True)
    groups: dict[str, list[tuple[int, Path]]] = {}
    with tempfile.TemporaryDirectory(prefix="jixiao-office-") as inputs:
        for number, (name, path) in enumerate(files):
            try:
                guards.check_length(path.stat().st_size, name)
                data = path.read_bytes()
                kind = _kind(data, name)
                if program is None:
                    raise _missing(name, kind)
            except ReadError as error:
                results[number] = error
                continue
            suffix, target = CONVERSIONS[kind]
            # The name says nothing of the file's: no odd characters reach a command line, no two files meet.
            copy = Path(inputs) / f"{number:04d}-{hashlib.sha256(data).hexdigest()[:16]}{suffix}"
            copy.write_bytes(data)
            groups.setdefault(target, []).append((number, copy))
        for target, group in groups.items():
            assert program is not None
            in_time = _convert_group(program, [copy for _, copy in group], target, folder, stop)
            for number, copy in group:
                results[number] = _result(folder / f"{copy.stem}.{target}", files[number][0], in_time[copy])
    return [r if r is not None else ReadError("crashed", "not converted") for r in results]


def _convert_group(
    program: str, sources: Sequence[Path], target: str, folder: Path, stop: threading.Event | None
) -> dict[Path, bool]:
    """Convert files of one target; for each, whether LibreOffice ended in time when the file was last tried."""
    in_time = dict.fromkeys(sources, True)
    left = list(sources)
    while left and not (stop is not None and stop.is_set()):
        allowed = SECONDS_FOR_ONE + SECONDS_FOR_EACH_OF_MANY * (len(left) - 1)
        ended = _run(program, left, target, folder, allowed, stop=stop)
        missing = [source for source in left if not (folder / f"{source.stem}.{target}").exists()]
        if len(left) == 1 or not missing:
            in_time |= dict.fromkeys(missing, ended)
            break
        # They are converted in order: the first one missing is what stopped it, the rest never had their turn.
        in_time[missing[0]] = _run(program, missing[:1], target, folder, SECONDS_FOR_ONE, stop=stop)
        left = missing[1:]
    return in_time


def _result(made: Path, name: str, in_time: bool) -> Path | ReadError:
    if made.exists() and made.stat().st_size:
        try:
            guards.check_length(made.stat().st_size, name)
        except ReadError as error:
            return error
        return made
    if not in_time:
        return ReadError(
            "timeout", f"{name}: LibreOffice did not finish within {SECONDS_FOR_ONE:.0f} seconds; given up"
        )
    return ReadError(
        "damaged", f"{name}: LibreOffice cannot load the file; open it in its own program and save it as .docx or .xlsx"
    )


def _missing(name: str, kind: str) -> ReadError:
    return ReadError(
        "needs_libreoffice",
        f"{name}: reading .{kind} needs LibreOffice, which is not installed. Debian, Ubuntu: "
        "apt-get install libreoffice-writer-nogui libreoffice-calc-nogui (before Debian 12: libreoffice-writer "
        "libreoffice-calc); "
        "macOS: brew install --cask libreoffice; then run again. Or save the file as .docx or .xlsx",
    )


def _run(
    program: str, sources: Sequence[Path], target: str, folder: Path, seconds: float, *, stop: threading.Event | None
) -> bool:
    """Start LibreOffice once; whether it ended by itself in time. What it did is seen from the files in `folder`."""
    with tempfile.TemporaryDirectory(prefix="jixiao-office-", ignore_cleanup_errors=True) as place:
        user = Path(place) / "profile" / "user"
        user.mkdir(parents=True)
        items = "\n".join(_ITEM.format(path=path, name=key, value=value) for path, key, value in _SETTINGS)
        (user / "registrymodifications.xcu").write_text(_PROFILE.format(items=items), encoding="utf-8")
        out = Path(place) / "out"
        command = [
            program,
            f"-env:UserInstallation={(Path(place) / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            _FILTERS[target],
            "--outdir",
            str(out),
            *map(str, sources),
        ]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        environment |= {"HOME": place, "TMPDIR": place}
        # `sh` sets the limits because a function between fork and exec is not safe beside threads.
        limits = f'ulimit -d {_MEMORY_KB} 2>/dev/null; ulimit -c 0 2>/dev/null; exec "$@"'
        process = subprocess.Popen(
            ["/bin/sh", "-c", limits, "sh", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=place,
            start_new_session=True,
        )
        in_time = False
        try:
            in_time = _wait(process, seconds, stop)
        finally:
            _kill_group(process)
            made = sorted(out.glob("*." + target), key=lambda path: path.stat().st_mtime_ns)
            # A killed LibreOffice may leave its last file half written: that one is tried again.
            for path in made if in_time else made[:-1]:
                shutil.move(path, folder / path.name)
        return in_time


def _wait(process: subprocess.Popen[bytes], seconds: float, stop: threading.Event | None) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not (stop is not None and stop.is_set()):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=min(0.25, max(0.01, until - time.monotonic())))
            return True
    return False


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice and what it started. The group may outlive its first process."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
