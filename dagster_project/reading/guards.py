"""Limits against hostile and broken files, in one place. Every refusal is a `ReadError` with its own reason and
sentence.

The limits sit far above what real reports need (a report has tens of pages and some megabytes) and far below what
hurts a machine; the worker process (`reading.worker`) is the second fence behind them.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from lxml import etree

from dagster_project.reading.model import ReadError

MB = 1024 * 1024
MAX_FILE_BYTES = 100 * MB  # one report
MAX_CONTAINER_BYTES = 300 * MB  # a .zip of reports, as downloaded
MAX_ZIP_TOTAL_BYTES = 300 * MB  # all entries of one zip, unpacked
MAX_ZIP_ENTRY_BYTES = 100 * MB
MAX_ZIP_RATIO = 200  # unpacked : packed; office XML stays under 60, deflate can reach 1,032
RATIO_FREE_BYTES = 1 * MB  # below this an entry may compress as well as it likes
MAX_ZIP_ENTRIES = 2_000
MAX_ZIP_LEVELS = 2  # a zip of reports, and a zip in it
MAX_IMAGE_PIXELS = 100_000_000  # A3 at 600 dpi has 70 million
MAX_PAGE_POINTS = 14_400.0  # 200 inches: the largest page that PDF's own specification allows
MAX_COLSPAN = 1_000  # the HTML standard's clamp
MAX_ROWSPAN = 65_534  # the HTML standard's clamp
MAX_GRID_SLOTS = 2_000_000  # slots of one table after its spans are laid out
MAX_NESTING = 200  # elements below one another; libxml2 itself refuses 256

_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


def check_size(data: bytes, name: str, limit: int = MAX_FILE_BYTES) -> None:
    """Raise `ReadError` "empty" for no bytes (or only blanks and NULs), "oversized" above `limit` bytes."""
    check_length(len(data), name, limit)
    if len(data) < 4096 and not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise ReadError("empty", f"{name}: the file holds nothing but blanks; download it again from its publisher")


def check_length(size: int, name: str, limit: int = MAX_FILE_BYTES) -> None:
    """The same from the size alone (bytes), so that a file need not be opened to be refused."""
    if size == 0:
        raise ReadError("empty", f"{name}: the file is empty (0 bytes); download it again from its publisher")
    if size > limit:
        raise ReadError(
            "oversized",
            f"{name}: {size / MB:,.1f} MB is above the limit of {limit // MB} MB for one file; split it or "
            "remove its pictures",
        )


def is_zip(data: bytes) -> bool:
    """Whether the first bytes are those of a zip (local header, or the end record of an empty one)."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def _ended_entries(data: bytes) -> int:
    """The number of entries in the end record, as far as its two bytes go; 0 when there is none."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    count: int = struct.unpack_from("<H", data, at + 10)[0] if 0 <= at <= len(data) - 22 else 0
    return count if count != 0xFFFF else 0


def _declared_entries(data: bytes) -> int:
    """The number of entries that the end record declares; 0 when there is none. Read before zipfile lists them all."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if at < 0 or at + 22 > len(data):
        return 0
    count: int = struct.unpack_from("<H", data, at + 10)[0]
    directory_bytes: int = struct.unpack_from("<I", data, at + 12)[0]
    if count == 0xFFFF or directory_bytes == 0xFFFFFFFF:
        locator = data.rfind(b"PK\x06\x06", 0, at)
        if locator >= 0 and locator + 40 <= len(data):
            count = struct.unpack_from("<Q", data, locator + 32)[0]
    # The count may lie: each directory record takes at least 46 bytes, and zipfile reads as many as there are bytes.
    return max(count, directory_bytes // 512 if directory_bytes != 0xFFFFFFFF else 0)


def open_zip(data: bytes, name: str) -> zipfile.ZipFile:
    """Open a zip after its directory has passed every limit; nothing is unpacked here.

    Raises `ReadError`: "damaged" (no or broken directory), "hostile" (total, entry, ratio, number of entries),
    "unsupported" (a packing method other than stored and deflate). Encrypted entries are met when they are read.
    """
    declared = _declared_entries(data)
    if declared > MAX_ZIP_ENTRIES:
        raise ReadError(
            "hostile",
            f"{name}: the zip directory lists over {MAX_ZIP_ENTRIES:,} entries; unpack it and pass the folder instead",
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError, OverflowError) as error:
        raise ReadError(
            "damaged",
            f"{name}: the zip directory at the end of the file is broken or cut off ({error}); download it again",
        ) from error
    try:
        # A length in the directory that is wrong has zipfile pass over the entries behind it.
        listed = len(archive.infolist())
        if listed < _ended_entries(data):
            raise ReadError(
                "damaged",
                f"{name}: the zip says that it holds {_ended_entries(data):,} entries, its directory lists {listed:,}; "
                "download it again",
            )
        _check_directory(archive.infolist(), len(data), name)
    except ReadError:
        archive.close()
        raise
    return archive


def _check_directory(infos: list[zipfile.ZipInfo], packed_bytes: int, name: str) -> None:
    if len(infos) > MAX_ZIP_ENTRIES:
        raise ReadError(
            "hostile",
            f"{name}: {len(infos):,} entries in the zip, the limit is {MAX_ZIP_ENTRIES:,}; unpack it and pass "
            "the folder instead",
        )
    total = 0
    for info in infos:
        total += info.file_size
        if info.file_size > MAX_ZIP_ENTRY_BYTES:
            raise ReadError(
                "hostile",
                f"{name}: entry {info.filename!r} unpacks to {info.file_size / MB:,.0f} MB, the limit is "
                f"{MAX_ZIP_ENTRY_BYTES // MB} MB; not opened",
            )
        if info.file_size > RATIO_FREE_BYTES and info.file_size > MAX_ZIP_RATIO * max(info.compress_size, 1):
            raise ReadError(
                "hostile",
                f"{name}: entry {info.filename!r} unpacks to {info.file_size // max(info.compress_size, 1):,} "
                "times its size "
                f"(the limit is {MAX_ZIP_RATIO}), as zip bombs do; not opened",
            )
        if info.compress_type not in (_STORED, _DEFLATED):
            raise ReadError(
                "unsupported",
                f"{name}: entry {info.filename!r} uses packing method {info.compress_type}; save it again as an "
                "ordinary zip",
            )
    if total > MAX_ZIP_TOTAL_BYTES:
        raise ReadError(
            "hostile",
            f"{name}: unpacks to {total / MB:,.0f} MB in all, the limit is {MAX_ZIP_TOTAL_BYTES // MB} MB; not opened",
        )
    # Entries that share packed bytes (overlap) multiply without any single one standing out.
    if total > RATIO_FREE_BYTES and total > MAX_ZIP_RATIO * max(packed_bytes, 1):
        raise ReadError(
            "hostile",
            f"{name}: unpacks to {total // max(packed_bytes, 1):,} times its size (the limit is "
            f"{MAX_ZIP_RATIO}); not opened",
        )


def read_entry(archive: zipfile.ZipFile, entry: str | zipfile.ZipInfo, name: str) -> bytes:
    """The bytes of one entry of an opened zip. `name` is the file's name for messages.

    Raises `KeyError` when there is no such entry, `ReadError` "encrypted" or "damaged".
    """
    info = archive.getinfo(entry) if isinstance(entry, str) else entry
    if info.flag_bits & 0x1:
        raise ReadError(
            "encrypted",
            f"{name}: entry {info.filename!r} is encrypted; ask the publisher for a copy without a password",
        )
    try:
        return archive.read(info)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        struct.error,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise ReadError(
            "damaged", f"{name}: entry {info.filename!r} cannot be unpacked ({error}); download the file again"
        ) from error


def safe_xml_parser() -> etree.XMLParser:
    """A parser without entities, network, DTD or huge trees; broken XML raises instead of being patched."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
    )


def parse_xml(data: bytes, name: str, part: str = "") -> etree._Element:
    """The root of an XML part. A document type (entities, external files) and excessive depth are "hostile", bad
    syntax is "damaged"."""
    where = f"{name}, {part}" if part else name
    try:
        root = etree.fromstring(data, safe_xml_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        text = str(error)
        if (
            "depth" in text.lower()
            or "amplification" in text.lower()
            or "entity" in text.lower()
            or "huge" in text.lower()
        ):
            raise ReadError("hostile", f"{where}: refused XML ({text})") from error
        raise ReadError(
            "damaged", f"{where}: broken XML ({text}); open the file in its own program and save it again"
        ) from error
    if root is None:
        raise ReadError("damaged", f"{where}: no XML element in it")
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None:
        raise ReadError(
            "hostile",
            f"{where}: declares a document type, which office files never do; it could pull in entities or other files",
        )
    return root


def check_depth(root: etree._Element, name: str, limit: int = MAX_NESTING) -> None:
    """Raise `ReadError` "hostile" when elements nest deeper than `limit` (a parser in recovery mode lets them)."""
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            raise ReadError("hostile", f"{name}: elements nested over {limit} deep; no report needs that")


def clamp_span(value: object, limit: int = MAX_COLSPAN) -> int:
    """A rowspan, colspan or gridSpan attribute as a number from 1 to `limit`; what is no number is 1."""
    text = str(value).strip() if value is not None else ""
    digits = text[:12]
    if not digits.isascii() or not digits.lstrip("+").isdigit():
        return 1
    return max(1, min(int(digits), limit))


def check_grid(rows: int, columns: int, name: str, place: str = "") -> None:
    """Raise `ReadError` "hostile" when a table has more slots than `MAX_GRID_SLOTS`; call before laying it out."""
    if rows * columns > MAX_GRID_SLOTS:
        at = f", {place}" if place else ""
        raise ReadError(
            "hostile", f"{name}{at}: a table of {rows:,} x {columns:,} slots; the limit is {MAX_GRID_SLOTS:,}"
        )


def check_page(width: float, height: float, name: str, page: int) -> None:
    """Raise `ReadError` "hostile" for a page outside PDF's own limits. Sizes in points (1/72 inch)."""
    if not (0 < width <= MAX_PAGE_POINTS and 0 < height <= MAX_PAGE_POINTS):
        raise ReadError(
            "hostile",
            f"{name}: page {page} measures {width:,.0f} x {height:,.0f} points; the limit is {MAX_PAGE_POINTS:,.0f}",
        )


def check_image(width: int, height: int, name: str, place: str = "") -> None:
    """Raise `ReadError` "hostile" for an image of more than `MAX_IMAGE_PIXELS`; call on its header, before decoding."""
    if width * height > MAX_IMAGE_PIXELS:
        at = f", {place}" if place else ""
        raise ReadError(
            "hostile",
            f"{name}{at}: an image of {width:,} x {height:,} pixels; the limit is {MAX_IMAGE_PIXELS:,} pixels",
        )


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels from the header of a PNG, JPEG, GIF, BMP or TIFF; None when it is none of them."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return struct.unpack("<HH", data[6:10])
    if data[:2] == b"BM" and len(data) >= 26:
        width, height = struct.unpack("<ii", data[18:26])
        return abs(width), abs(height)
    if data[:3] == b"\xff\xd8\xff":
        return _jpeg_size(data)
    if data[:4] in (b"II*\x00", b"MM\x00*"):
        return _tiff_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            at += 1
            continue
        marker = data[at + 1]
        if marker in (0xFF, 0x01) or 0xD0 <= marker <= 0xD9:
            at += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def _tiff_size(data: bytes) -> tuple[int, int] | None:
    order = "<" if data[:2] == b"II" else ">"
    try:
        offset = struct.unpack_from(order + "I", data, 4)[0]
        found: dict[int, int] = {}
        for i in range(min(struct.unpack_from(order + "H", data, offset)[0], 64)):
            tag, kind = struct.unpack_from(order + "HH", data, offset + 2 + 12 * i)
            if tag in (256, 257):
                found[tag] = struct.unpack_from(order + ("H" if kind == 3 else "I"), data, offset + 10 + 12 * i)[0]
    except struct.error:
        return None
    return (found[256], found[257]) if len(found) == 2 else None


def safe_member_path(path: str, name: str) -> str:
    """A zip entry's path as a plain relative one: forward slashes, no drive, no leading slash, no '.', no control
    characters.

    A path that climbs ('..') is refused as "hostile": nobody packs that by accident. Raises `ReadError`.
    """
    parts: list[str] = []
    for raw in path.replace("\\", "/").split("/"):
        part = "".join(c for c in raw if c.isprintable()).strip()
        if part in ("", "."):
            continue
        if part == "..":
            raise ReadError("hostile", f"{name}: entry {path!r} climbs out of its folder ('..'); not unpacked")
        if not parts and len(part) == 2 and part[1] == ":":
            continue
        parts.append(part[2:] if not parts and len(part) > 2 and part[1] == ":" and part[0].isascii() else part)
    if not parts:
        raise ReadError("hostile", f"{name}: entry {path!r} has no usable name; not unpacked")
    return "/".join(parts)
