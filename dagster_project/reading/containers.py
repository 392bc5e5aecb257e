"""A .zip of reports: its members one by one, folders kept in the path, each a report of its own.

A .docx, .xlsx or .ofd is a zip as well, but a document, not a container. Nothing is ever unpacked to a path that a
zip names: members are bytes in memory, their paths only text.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from dagster_project.reading import guards
from dagster_project.reading.model import ReadError

# Entries that are never reports: what file managers, office programs and versioning leave behind.
_JUNK_FOLDERS = frozenset({"__MACOSX", ".git", ".svn", "$RECYCLE.BIN", "@eaDir"})
_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "icon\r"})
# One of these at the top makes a zip a document.
_DOCUMENT_MARKS = frozenset({"[Content_Types].xml", "OFD.xml", "mimetype", "META-INF/container.xml"})
_FOREIGN = (
    (b"Rar!\x1a\x07", ".rar"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"\x1f\x8b", ".gz"),
    (b"BZh", ".bz2"),
    (b"\xfd7zXZ\x00", ".xz"),
)
_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field: version, CRC of the stored name, the name in UTF-8


@dataclass(frozen=True, slots=True)
class Member:
    """A report in a container. `path` is relative, with forward slashes, and starts inside the container; a member of a
    nested zip is `inner.zip/dir/b.docx`. Either `data` is its bytes, or `error` says why there are none."""

    path: str
    data: bytes = b""
    error: ReadError | None = None


def is_junk(path: str) -> bool:
    """Whether a path (forward slashes) is a hidden file, a lock file of an office program or a file manager's
    leftover."""
    parts = PurePosixPath(path).parts
    if not parts:
        return True
    name = parts[-1]
    return (
        any(part in _JUNK_FOLDERS or part.startswith(".") for part in parts)
        or name.startswith(("~$", ".~", "~WRL"))
        or name.lower() in _JUNK_NAMES
    )


def is_container(data: bytes) -> bool:
    """Whether the bytes are a zip that holds files, rather than a document that is packed as one.

    A zip whose directory is broken counts as a container: there is no telling, and its reason is said when it is
    opened.
    """
    if not guards.is_zip(data):
        return False
    try:
        with guards.open_zip(data, "") as archive:
            names = {info.filename.lstrip("/") for info in archive.infolist()}
    except ReadError:
        # A cut or hostile document is a document still: its first entry tells.
        return not data[30:130].startswith(
            (b"[Content_Types].xml", b"OFD.xml", b"mimetype", b"_rels/", b"Doc_0/", b"word/")
        )
    return not names & _DOCUMENT_MARKS and not {"word/document.xml", "xl/workbook.xml"} & names


def foreign_archive(data: bytes) -> str | None:
    """The usual suffix of an archive that is not read (.rar, .7z, ...); None for anything else."""
    return next((suffix for mark, suffix in _FOREIGN if data.startswith(mark)), None)


def members(data: bytes, name: str) -> Iterator[Member]:
    """The reports in a zip, in the order of their paths; a zip in it is opened once more, one in that is refused.

    `name` is the container's, for messages. Junk is left out. A member that is encrypted, damaged, or whose path
    climbs comes with its error; the others go on. Raises `ReadError` when the container as a whole cannot be opened:
    "empty", "oversized", "damaged", "hostile", "unsupported" (.rar, .7z), "encrypted" (all its members are).
    """
    guards.check_size(data, name, guards.MAX_CONTAINER_BYTES)
    foreign = foreign_archive(data)
    if foreign is not None:
        raise ReadError("unsupported", f"{name}: a {foreign} archive; unpack it, or pack it as .zip, and pass that")
    budget = _Budget()
    found = False
    for member in _members(data, name, "", 1, budget):
        found = True
        yield member
    if not found:
        raise ReadError("empty", f"{name}: the zip holds no files; download it again from its publisher")


class _Budget:
    """What all levels together may unpack: nesting must not multiply the limits."""

    def __init__(self) -> None:
        self.bytes = guards.MAX_ZIP_TOTAL_BYTES
        self.entries = guards.MAX_ZIP_ENTRIES

    def take(self, size: int, name: str) -> None:
        self.bytes -= size
        self.entries -= 1
        if self.bytes < 0 or self.entries < 0:
            raise ReadError(
                "hostile",
                f"{name}: with its nested zips it unpacks to over {guards.MAX_ZIP_TOTAL_BYTES // guards.MB} MB or "
                f"{guards.MAX_ZIP_ENTRIES:,} files; the rest is not opened",
            )


def _members(data: bytes, name: str, prefix: str, level: int, budget: _Budget) -> Iterator[Member]:
    with guards.open_zip(data, name) as archive:
        listed: list[tuple[str, zipfile.ZipInfo]] = []
        for info in archive.infolist():
            if info.filename.endswith("/"):
                continue
            written = member_name(info)
            try:
                path = guards.safe_member_path(written, name)
            except ReadError as error:
                yield Member(prefix + _harmless(written), error=error)
                continue
            if not is_junk(path) and not _is_link(info):
                listed.append((path, info))
        if listed and level == 1 and all(info.flag_bits & 0x1 for _, info in listed):
            raise ReadError("encrypted", f"{name}: the zip has a password; ask the publisher for a copy without one")
        for path, info in sorted(listed, key=lambda entry: entry[0]):
            full = prefix + path
            try:
                budget.take(info.file_size, name)
            except ReadError as error:
                yield Member(full, error=error)
                return
            try:
                content = guards.read_entry(archive, info, f"{name}/{full}" if prefix else f"{name}/{path}")
            except ReadError as error:
                yield Member(full, error=error)
                continue
            if is_container(content):
                yield from _nested(content, name, full, level, budget)
            else:
                yield Member(full, content)


def _nested(content: bytes, name: str, path: str, level: int, budget: _Budget) -> Iterator[Member]:
    if level >= guards.MAX_ZIP_LEVELS:
        message = f"{name}/{path}: zips within zips more than {guards.MAX_ZIP_LEVELS} deep; unpack the outer one"
        yield Member(path, error=ReadError("hostile", message))
        return
    try:
        yield from _members(content, f"{name}/{path}", f"{path}/", level + 1, budget)
    except ReadError as error:
        yield Member(path, error=error)


def member_name(info: zipfile.ZipInfo) -> str:
    """An entry's name as its packer meant it.

    Without the UTF-8 flag `zipfile` decodes as cp437; Chinese packers wrote GBK there, some UTF-8. The bytes are taken
    back and read as strict UTF-8, then GB18030. Info-ZIP's Unicode field wins where there is one.
    """
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    unicode_name = _unicode_path(info.extra)
    if unicode_name is not None:
        return unicode_name
    try:
        written = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _unicode_path(extra: bytes) -> str | None:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == _UNICODE_PATH and 5 < size <= len(extra) - at - 4:
            try:
                return extra[at + 9 : at + 4 + size].decode("utf-8")
            except UnicodeDecodeError:
                return None
        at += 4 + size
    return None


def _is_link(info: zipfile.ZipInfo) -> bool:
    """A symbolic link, as Unix packers store it: its content is a path, not a report."""
    return info.create_system == 3 and (info.external_attr >> 16) & 0o170000 == 0o120000


def _harmless(path: str) -> str:
    """A refused path as text that is safe to show and to store."""
    parts = [p for p in path.replace("\\", "/").split("/") if p not in ("", ".", "..")]
    return "/".join("".join(c for c in part if c.isprintable()) for part in parts) or "unnamed"
