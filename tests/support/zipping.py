"""Zip containers that come out the same on every machine: fixed dates, stored, entries in the given order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

FIXED_DATE = (2024, 1, 1, 0, 0, 0)


def pack(entries: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of the entries. Stored, not deflated: the deflated bytes differ between builds of zlib."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name, FIXED_DATE)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return out.getvalue()


def repack(data: bytes) -> bytes:
    """The same entries in the same order, packed by `pack`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return pack([(name, archive.read(name)) for name in archive.namelist()])
