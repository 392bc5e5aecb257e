"""The archive: originals by SHA-256, never changed, each with a sidecar that says where it came from; and the
quarantine.

    archive/ab/ab3f….docx      the bytes as published
    archive/ab/ab3f….json      publisher, title, page and file address, dates, licence, size, names seen
    quarantine/ab3f…_name.docx a refused file, with ab3f…_name.docx.json: reason and message

A folder of reports may hold a `manifest.csv` (UTF-8 or GB18030) that says where its files come from, a row a file:

    file,page address,publisher,published_on,licence
    sub/report.docx,https://…,某某局,2024-03-01,CC BY 4.0

`file` is relative to the manifest's folder; naming a .zip means all of its members, `a.zip/dir/b.docx` one of them.
Only
`file` is required. Further columns: `file address` (where the bytes can be had), `title`. Chinese heads are 文件, 网页地址,
文件地址, 发布单位, 发布日期, 许可, 标题; see `MANIFEST_HEADS` for all spellings. A manifest inside a .zip works alike.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import logging
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from dagster_project.reading import containers, guards
from dagster_project.reading.model import ReadError
from dagster_project.warehouse.home import Home

log = logging.getLogger(__name__)

MANIFEST = "manifest.csv"
# Heads are compared in lower case with blanks, '_' and '-' removed.
MANIFEST_HEADS: Mapping[str, str] = {
    **dict.fromkeys(("file", "filename", "path", "文件", "文件名", "文件路径"), "file"),
    **dict.fromkeys(
        ("pageaddress", "pageurl", "page", "sourcepage", "网页地址", "页面地址", "网页", "网址", "来源网页"),
        "source_page",
    ),
    **dict.fromkeys(
        ("fileaddress", "fileurl", "url", "sourceurl", "文件地址", "下载地址", "附件地址", "文件网址"), "source_url"
    ),
    **dict.fromkeys(("publisher", "发布单位", "发布机构", "发布者", "发布部门", "公开单位"), "publisher"),
    **dict.fromkeys(
        ("publishedon", "published", "publicationdate", "date", "发布日期", "发布时间", "公开日期", "公开时间"),
        "published_on",
    ),
    **dict.fromkeys(("licence", "license", "许可", "许可证", "授权", "使用许可"), "licence"),
    **dict.fromkeys(("title", "标题", "题名", "报告名称"), "title"),
}
_MAX_COPIED = guards.MAX_FILE_BYTES  # a larger file is named in quarantine, not copied


class InputError(Exception):
    """The call names something that cannot be read at all: a missing path, an empty folder, a wrong manifest."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a document comes from, as far as it is known."""

    title: str | None = None
    publisher: str | None = None
    source_page: str | None = None  # address of the page that links the file
    source_url: str | None = None  # address of the file
    published_on: date | None = None
    licence: str | None = None

    def over(self, other: Provenance) -> Provenance:
        """This one, its gaps filled from another."""
        return Provenance(*(getattr(self, f.name) or getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Input:
    """A document that a run was given. Either it is in the archive (`archived` is set), or `error` says why not.

    `document_path` is where it was seen, a zip's member as `a.zip/dir/b.docx`; `name` its last part. `is_new`: these
    bytes
    were not in the archive before. What has no bytes of its own (an encrypted member) gets a hash of its place.
    """

    document_sha256: str
    name: str
    document_path: str
    size_bytes: int
    provenance: Provenance = field(default_factory=Provenance)
    archived: Path | None = None
    is_new: bool = False
    error: ReadError | None = None


# ---------------------------------------------------------------- discovering


def discover(paths: Sequence[str | Path], home: Home, source_url: str | None = None) -> Iterator[Input]:
    """Archive what files, folders and zips hold; one `Input` a document, in a stable order, as they are archived.

    Hidden files, lock files of office programs and manifests are passed over. `source_url` fills what no manifest says.
    Raises `InputError` at once, before anything is written, for a path that does not exist, a folder without files, a
    manifest that cannot be understood. A bad file or zip is an `Input` with its error, and the rest goes on.
    """
    chosen = [Path(p).expanduser().absolute() for p in paths]
    given = Provenance(source_url=source_url)
    for path in chosen:
        if not path.exists():
            raise InputError(f"{path} does not exist; name files, folders or .zip archives of reports")
        if path.is_dir():
            if not os.access(path, os.R_OK | os.X_OK):
                raise InputError(f"{path} may not be read; mend its permissions")
            if not any(files_in(path)):
                raise InputError(
                    f"{path} holds no reports; name a folder with files (.docx, .pdf, .xlsx, .html, .txt, .zip, ...)"
                )
    looked_at: dict[tuple[Path, bool], _Manifests] = {}
    manifests: dict[Path, _Manifests] = {}
    for path in chosen:
        # the inbox is one delivery: a manifest at its top speaks of files in folders below
        where = (home.inbox, True) if path.is_relative_to(home.inbox) else (_folder(path), path.is_dir())
        if where not in looked_at:
            looked_at[where] = _manifests(where[0], deep=where[1])
        manifests[path] = looked_at[where]
    return _discover(chosen, manifests, home, given)


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _discover(
    paths: Sequence[Path], manifests: Mapping[Path, _Manifests], home: Home, given: Provenance
) -> Iterator[Input]:
    for path in paths:
        for file in files_in(path) if path.is_dir() else [path]:
            yield from _take(file, home, manifests[path].of(file).over(given), manifests[path])


def files_in(folder: Path) -> Iterator[Path]:
    """The files under a folder, by name and depth first, without hidden ones, lock files, manifests and links out of
    it."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if containers.is_junk(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from files_in(Path(entry.path))
        elif entry.name.lower() != MANIFEST and (
            entry.is_file(follow_symlinks=False) or _is_link_within(entry, folder)
        ):
            yield Path(entry.path)


def _is_link_within(entry: os.DirEntry[str], folder: Path) -> bool:
    """A link to a file beside it is fine; a link elsewhere in a downloaded folder is not followed."""
    target = Path(entry.path).resolve()
    return entry.is_symlink() and target.is_file() and target.is_relative_to(folder.resolve())


def _take(file: Path, home: Home, provenance: Provenance, manifests: _Manifests) -> Iterator[Input]:
    name, seen = file.name, str(file)
    try:
        size = file.stat().st_size
        data = _read_at_rest(file)
        size = len(data)
    except ReadError as error:
        digest = hash_place(seen) if error.reason == "changing" else _hash_file(file)
        yield Input(digest, name, seen, size, provenance, error=error)
        return
    except OSError as error:
        reason = ReadError("damaged", f"{name}: cannot be opened ({error.strerror}); mend its permissions")
        yield Input(hash_place(seen), name, seen, 0, provenance, error=reason)
        return
    if not containers.is_container(data):
        if len(data) > guards.MAX_FILE_BYTES:
            digest = hashlib.sha256(data).hexdigest()
            yield Input(digest, name, seen, size, provenance, error=_oversized(name, size))
        else:
            yield store(home, data, name, seen, provenance)
        return
    yield from _take_members(file, data, home, provenance, manifests)


def _read_at_rest(file: Path, tries: int = 3, wait_seconds: float = 0.5) -> bytes:
    """The bytes of a file that nobody was writing meanwhile. Raises OSError, ReadError for one too large or still being
    written."""
    for again in range(tries):
        if again:
            time.sleep(wait_seconds)
        with file.open("rb") as stream:
            before = os.fstat(stream.fileno())
            head = stream.read(4)
            most = guards.MAX_CONTAINER_BYTES if guards.is_zip(head) else guards.MAX_FILE_BYTES
            guards.check_length(before.st_size, file.name, most)
            data = head + stream.read(most + 1)
            after = os.fstat(stream.fileno())
        guards.check_length(len(data), file.name, most)
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(data) == after.st_size:
            return data
    raise ReadError("changing", f"{file.name}: it changed while it was read; run again when it is written to the end")


def _oversized(name: str, size: int) -> ReadError:
    try:
        guards.check_length(size, name)
    except ReadError as error:
        return error
    raise AssertionError("not oversized")


def _take_members(
    file: Path, data: bytes, home: Home, provenance: Provenance, manifests: _Manifests
) -> Iterator[Input]:
    inner: dict[str, Provenance] = {}
    try:
        # The manifest says where the others come from, wherever it stands among them.
        for member in containers.members(data, file.name):
            if PurePosixPath(member.path).name.lower() == MANIFEST and member.error is None:
                folder = member.path[: -len(MANIFEST)]
                rows = _parse_manifest(member.data, f"{file}/{member.path}")
                inner |= {folder + row: found for row, found in rows.items()}
        for member in containers.members(data, file.name):
            name = PurePosixPath(member.path).name
            if name.lower() == MANIFEST:
                continue
            seen = f"{file}/{member.path}"
            own = manifests.of(Path(seen)).over(inner.get(member.path, Provenance())).over(provenance)
            if member.error is not None:
                yield Input(hash_place(f"{_hash_bytes(data)}/{member.path}"), name, seen, 0, own, error=member.error)
            else:
                yield store(home, member.data, name, seen, own)
    except ReadError as error:
        yield Input(_hash_bytes(data), file.name, str(file), len(data), provenance, error=error)
    except InputError as error:
        reason = ReadError("damaged", str(error))
        yield Input(_hash_bytes(data), file.name, str(file), len(data), provenance, error=reason)


# ------------------------------------------------------------------ manifests


class _Manifests:
    """The rows of all manifests of one path, by the absolute path of what they speak of."""

    def __init__(self, rows: Mapping[str, Provenance]) -> None:
        self._rows = rows

    def of(self, file: Path) -> Provenance:
        """What a manifest says of a file."""
        return self._rows.get(str(file), Provenance())


def _manifests(folder: Path, *, deep: bool) -> _Manifests:
    rows: dict[str, Provenance] = {}
    for place in [folder, *(_folders_in(folder) if deep else ())]:
        manifest = place / MANIFEST
        if not manifest.is_file():
            continue
        for file, provenance in read_manifest(manifest).items():
            target = place / file
            rows[str(target)] = provenance.over(rows.get(str(target), Provenance()))
            if deep and not target.exists() and ".zip/" not in file.lower():
                log.warning("%s names %s, which is not there", manifest, file)
    return _Manifests(rows)


def _folders_in(folder: Path) -> Iterator[Path]:
    for place, names, _ in os.walk(folder):
        names[:] = sorted(n for n in names if not containers.is_junk(n))
        yield from (Path(place) / n for n in names)


def read_manifest(path: Path) -> dict[str, Provenance]:
    """The rows of a manifest: file (relative, forward slashes) -> provenance. Raises `InputError` with the line that
    is wrong."""
    return _parse_manifest(path.read_bytes(), str(path))


def _parse_manifest(data: bytes, where: str) -> dict[str, Provenance]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise InputError(f"{where}: neither UTF-8 nor GB18030; save it as CSV UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    heads = [MANIFEST_HEADS.get(re.sub(r"[\s_-]", "", head).lower()) for head in next(reader, [])]
    if "file" not in heads:
        heads_to_use = "file, page address, publisher, published_on, licence"
        raise InputError(f"{where}: no column `file` (文件); the heads are: {heads_to_use}")
    rows: dict[str, Provenance] = {}
    for cells in reader:
        values = {head: cell.strip() for head, cell in zip(heads, cells, strict=False) if head and cell.strip()}
        file = values.pop("file", None)
        if file is None:
            continue
        written = values.pop("published_on", None)
        published_on = _date(written, f"{where}, line {reader.line_num}") if written else None
        rows[os.path.normpath(file.replace("\\", "/")).replace(os.sep, "/")] = Provenance(
            **values, published_on=published_on
        )
    return rows


def _date(written: str, where: str) -> date:
    found = re.fullmatch(
        r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?|(\d{4})(\d{2})(\d{2})", written
    )
    if found:
        year, month, day = (int(n) for n in found.groups() if n)
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise InputError(f"{where}: {written!r} is no date; write it as 2024-03-01")


# -------------------------------------------------------------------- storing


def store(home: Home, data: bytes, name: str, seen: str, provenance: Provenance) -> Input:
    """Put bytes into the archive, once; what the sidecar did not know yet is added. Returns the archived document."""
    digest = _hash_bytes(data)
    original = find(home, digest)
    is_new = original is None or original.stat().st_size != len(data)
    if original is None or is_new:
        original = home.archive / digest[:2] / f"{digest}{_extension(name)}"
        _write(original, data, durable=True)
        original.chmod(0o444)
    known = _sidecar(home, digest)
    merged = provenance.over(_provenance(known))
    record = {
        "sha256": digest,
        "size_bytes": len(data),
        "file": original.name,
        **{f.name: getattr(merged, f.name) for f in fields(merged)},
        "names": sorted({*known.get("names", []), name}),
        "archived_at": known.get("archived_at") or datetime.now(UTC).isoformat(timespec="seconds"),
    }
    text = _json(record)
    if is_new or text != _json(known):
        _write(_sidecar_path(home, digest), text.encode(), durable=False)
    return Input(digest, name, seen, len(data), merged, original, is_new)


def kept(home: Home) -> Iterator[Input]:
    """Every archived original, under one of the names that it was seen by: what a lost warehouse is made again from."""
    for path in sorted(home.archive.glob("??/*")):
        digest = path.name.partition(".")[0]
        if path.suffix in (".json", ".part") or len(digest) != 64:
            continue
        known = _sidecar(home, digest)
        name = next(iter(known.get("names", [])), path.name)
        provenance = _provenance(known)
        yield Input(digest, name, str(path.parent / name), path.stat().st_size, provenance, path)


def find(home: Home, document_sha256: str) -> Path | None:
    """The archived original with that hash; None when there is none."""
    folder = home.archive / document_sha256[:2]
    named = _sidecar(home, document_sha256).get("file")
    if isinstance(named, str) and named.startswith(document_sha256) and (folder / named).is_file():
        return folder / named
    if not folder.is_dir():
        return None
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(document_sha256) and not entry.name.endswith((".json", ".part")):
                return Path(entry.path)
    return None


def provenance_of(home: Home, document_sha256: str) -> Provenance:
    """What the sidecar says."""
    return _provenance(_sidecar(home, document_sha256))


def note_title(home: Home, document_sha256: str, title: str) -> None:
    """Enter the title that the document was found to have, where the sidecar has none."""
    record = _sidecar(home, document_sha256)
    if record and not record.get("title"):
        record["title"] = title
        _write(_sidecar_path(home, document_sha256), _json(record).encode(), durable=False)


def verify_archive(home: Home) -> Iterator[str]:
    """Hash every original anew; yields a sentence for each thing that is wrong, nothing when all is well."""
    for path in sorted(home.archive.glob("??/*")):
        if path.suffix == ".json":
            if find(home, path.stem) is None:
                yield f"{path}: a sidecar without its original; the file is gone, take it in again"
            continue
        digest = path.name.partition(".")[0]
        if path.name.startswith(".") or len(digest) != 64:
            yield f"{path}: not a file of the archive; move it away"
        elif _hash_file(path) != digest:
            yield f"{path}: its content does not have the hash of its name; the file was changed, restore it"
        elif not _sidecar(home, digest):
            yield f"{path}: its sidecar is missing or broken; run on the file again to write it"


def _extension(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) and suffix not in (".json", ".part") else ".bin"


def _sidecar_path(home: Home, digest: str) -> Path:
    return home.archive / digest[:2] / f"{digest}.json"


def _sidecar(home: Home, digest: str) -> dict[str, Any]:
    try:
        record = json.loads(_sidecar_path(home, digest).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _provenance(record: Mapping[str, Any]) -> Provenance:
    known = Provenance(**{f.name: record.get(f.name) or None for f in fields(Provenance)})
    try:
        published_on = date.fromisoformat(str(known.published_on)) if known.published_on else None
    except ValueError:
        published_on = None
    return replace(known, published_on=published_on)


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, indent=2, default=str) + "\n"


def _write(path: Path, data: bytes, *, durable: bool) -> None:
    """Write whole or not at all. `durable` waits for the disk: a sidecar can be made again, an original cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # One run writes at a time, so the name needs no process number: what a killed run left is written over by the next one.
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _hash_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def hash_place(place: str) -> str:
    """What stands for a hash where there are no bytes to take one of: a file that cannot be opened, an encrypted member."""
    return hashlib.sha256(f"place:{place}".encode("utf-8", "surrogateescape")).hexdigest()


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ----------------------------------------------------------------- quarantine


def quarantine(home: Home, document_sha256: str, *, name: str, document_path: str, reason: str, message: str) -> Path:
    """Put a copy of a refused file, and its reason as JSON beside it, into the quarantine; returns the copy's place.

    The bytes come from the archive, else from `document_path`; where neither has them (an encrypted member, a file
    over the
    limit) only the reason is written. A copy, not a link: whoever repairs it must not change the archive.
    """
    target = home.quarantine / f"{document_sha256[:16]}_{_short(name)}"
    home.quarantine.mkdir(parents=True, exist_ok=True)
    original = find(home, document_sha256) or Path(document_path)
    if original.is_file() and original.stat().st_size <= _MAX_COPIED and not target.exists():
        part = target.with_name(f".{target.name}.part")
        shutil.copyfile(original, part)
        os.replace(part, target)
    record = {
        "sha256": document_sha256,
        "name": name,
        "path": document_path,
        "reason": reason,
        "message": message,
    }
    text = _json(record)
    note = target.with_name(target.name + ".json")
    if not note.exists() or note.read_text("utf-8") != text:
        _write(note, text.encode(), durable=False)
    return target


def release(home: Home, document_sha256: str) -> None:
    """Take a file that can be read after all out of the quarantine."""
    for path in home.quarantine.glob(f"{document_sha256[:16]}_*"):
        path.unlink(missing_ok=True)


def _short(name: str) -> str:
    """A file name that every file system takes: at most 180 bytes, its extension kept."""
    clean = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in name) or "unnamed"
    stem, suffix = os.path.splitext(clean)
    while len((stem + suffix).encode("utf-8", "replace")) > 180 and stem:
        stem = stem[:-1]
    return (stem + suffix).encode("utf-8", "replace").decode()
