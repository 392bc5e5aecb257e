"""Copies of large files, on disk when they are told done."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

_AT_ONCE = 256 << 20
# a file system, or a pair of them, that cannot: https://man7.org/linux/man-pages/man2/copy_file_range.2.html
_CANNOT = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF, errno.EPERM, errno.ETXTBSY}


def copy(source: Path, target: Path) -> None:
    """Copy a file's bytes and have them written to disk. A file system whose files can share blocks (XFS, Btrfs) shares them: a
    copy of gigabytes is then a matter of milliseconds, and takes no space until one of the two is changed.

    Raises OSError as writing to a file does; what was written of the target stays.
    """
    if not _by_the_kernel(source, target):
        shutil.copyfile(source, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def _by_the_kernel(source: Path, target: Path) -> bool:
    if not hasattr(os, "copy_file_range"):
        return False
    with source.open("rb") as read, target.open("wb") as written:
        left = os.fstat(read.fileno()).st_size
        while left > 0:
            try:
                done = os.copy_file_range(read.fileno(), written.fileno(), min(left, _AT_ONCE))
            except OSError as e:
                if e.errno in _CANNOT:
                    return False
                raise
            if not done:  # some file systems say so of what they cannot copy
                return False
            left -= done
    return True
