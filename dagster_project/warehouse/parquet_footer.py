"""The row groups that a Parquet file's footer names: taken out of one footer, put into another.

A footer is Thrift's compact form of FileMetaData: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift.
What it says of a row group holds wherever the footer stands, for its offsets count from the file's beginning. pyarrow can
neither append to a file nor leave a row group out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from thrift.protocol.TCompactProtocol import TCompactProtocol
from thrift.Thrift import TType
from thrift.transport.TTransport import TMemoryBuffer, TTransportBase

MAGIC = b"PAR1"
_TAIL = 8  # the footer's length in four bytes, and the magic
_ROWS, _ROW_GROUPS = 3, 4  # fields of FileMetaData


def read(file: Path) -> tuple[bytes, int]:
    """A file's footer, and at which byte it begins. Raises ValueError when the file does not end like a Parquet file."""
    with file.open("rb") as f:
        size = f.seek(0, 2)
        if size >= _TAIL:
            f.seek(size - _TAIL)
            tail = f.read()
            begin = size - _TAIL - int.from_bytes(tail[:4], "little")
            if tail[4:] == MAGIC and begin > 0:
                f.seek(begin)
                return f.read(size - _TAIL - begin), begin
    raise ValueError(f"{file} does not end like a Parquet file: it was cut, or is none")


def write(file: Path, begin: int, footer: bytes) -> None:
    """Let a file end with this footer from byte `begin` on; what stood there is gone."""
    with file.open("rb+") as f:
        f.truncate(begin)
        f.seek(begin)
        f.write(footer + len(footer).to_bytes(4, "little") + MAGIC)


def row_groups(footer: bytes) -> list[bytes]:
    """What the footer says of each row group."""
    found: list[bytes] = []
    for number, _, value in _fields(footer):
        if number == _ROW_GROUPS:
            found = value
    return found


def with_row_groups(footer: bytes, groups: Sequence[bytes], rows: int) -> bytes:
    """The footer with these row groups, of so many rows together, in place of its own."""
    written = TCompactProtocol(TMemoryBuffer())
    written.writeStructBegin("FileMetaData")
    for number, kind, value in _fields(footer):
        written.writeFieldBegin("", kind, number)
        if number == _ROWS:
            written.writeI64(rows)
        elif number == _ROW_GROUPS:
            written.writeListBegin(TType.STRUCT, len(groups))
            written.trans.write(b"".join(groups))
            written.writeListEnd()
        else:
            written.trans.write(value)
        written.writeFieldEnd()
    written.writeFieldStop()
    return bytes(written.trans.getvalue())


class _Source(TTransportBase):  # type: ignore[misc]
    """A footer to read from, that tells how far it was read."""

    def __init__(self, footer: bytes) -> None:
        self._bytes = BytesIO(footer)
        self.tell = self._bytes.tell

    def read(self, size: int) -> bytes:
        return self._bytes.read(size)


class _Protocol(TCompactProtocol):  # type: ignore[misc]
    """Thrift's own takes binary values, such as the least and the greatest of a column, for words where it skips them."""

    def readString(self) -> bytes:
        return bytes(self.readBinary())


def _fields(footer: bytes) -> Iterator[tuple[int, int, Any]]:
    """The fields of FileMetaData: number, type, and the value's bytes, of the row groups a list of them."""
    source = _Source(footer)
    read = _Protocol(source)
    read.readStructBegin()
    while True:
        _, kind, number = read.readFieldBegin()
        if kind == TType.STOP:
            return
        begin = source.tell()
        value: Any = []
        if number == _ROW_GROUPS:
            for _ in range(read.readListBegin()[1]):
                at = source.tell()
                read.skip(TType.STRUCT)
                value.append(footer[at : source.tell()])
            read.readListEnd()
        else:
            read.skip(kind)
            value = footer[begin : source.tell()]
        read.readFieldEnd()
        yield number, kind, value
