"""The names in an OLE2 (compound file) container: enough to tell .xls, .doc, .wps and encrypted office files apart."""

from __future__ import annotations

import struct

from dagster_project.reading.model import ReadError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFF
_LAST_SECTOR = 0xFFFFFFFA
_MAX_DIRECTORY_SECTORS = 4096


def root_names(data: bytes, name: str) -> frozenset[str]:
    """The streams and storages directly under the root of a compound file, per [MS-CFB] 2.2 to 2.6.

    Only the root's own children count: an embedded sheet in a text document has its streams further down.
    Raises `ReadError("damaged")` when the header or the directory cannot be followed.
    """
    try:
        return _root_names(data)
    except (struct.error, IndexError, ValueError) as error:
        raise ReadError(
            "damaged", f"{name}: the file's inner directory is broken or cut off; download it again"
        ) from error


def _root_names(data: bytes) -> frozenset[str]:
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError(f"sector shift {shift}")
    size = 1 << shift
    per_sector = size // 4

    def sector(number: int) -> int:
        offset = (number + 1) << shift
        if number >= _LAST_SECTOR or offset >= len(data):
            raise ValueError(f"sector {number} outside the file")
        return offset

    fat_sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < _LAST_SECTOR]
    difat, left = struct.unpack_from("<II", data, 68)
    while difat < _LAST_SECTOR and left and len(fat_sectors) <= len(data) >> shift:
        listed = struct.unpack_from(f"<{per_sector}I", data, sector(difat))
        fat_sectors += [s for s in listed[:-1] if s < _LAST_SECTOR]
        difat, left = listed[-1], left - 1

    def next_sector(number: int) -> int:
        index, within = divmod(number, per_sector)
        following: int = struct.unpack_from("<I", data, sector(fat_sectors[index]) + 4 * within)[0]
        return following

    entries: list[bytes] = []
    at: int = struct.unpack_from("<I", data, 48)[0]
    seen: set[int] = set()
    while at < _LAST_SECTOR and at not in seen and len(seen) < _MAX_DIRECTORY_SECTORS:
        seen.add(at)
        offset = sector(at)
        entries += [data[offset + i : offset + i + 128] for i in range(0, size, 128)]
        at = next_sector(at)
    if not entries:
        raise ValueError("no directory")
    names: set[str] = set()
    pending = [struct.unpack_from("<I", entries[0], 76)[0]]
    visited: set[int] = set()
    while pending:
        number = pending.pop()
        if number == _FREE or number in visited:
            continue
        visited.add(number)
        entry = entries[number]
        length = struct.unpack_from("<H", entry, 64)[0]
        names.add(entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace"))
        pending += struct.unpack_from("<II", entry, 68)
    return frozenset(names)
