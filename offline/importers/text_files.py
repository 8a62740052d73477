"""A file of text as lines of characters: what it is by its first bytes, gzip, its encoding."""

from __future__ import annotations

import codecs
import gzip
import re
from contextlib import suppress
from pathlib import Path
from typing import IO

from indexing.contracts.errors import InputError

_SAMPLE, _PIECE, _MUCH = 1 << 16, 1 << 10, 1 << 20
_GZIP = b"\x1f\x8b"
_OTHERS = {
    b"PAR1": "a Parquet file: let its name end in .parquet",
    b"PK\x03\x04": "a zip archive or an Excel workbook: unpack it, or save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: save the sheet as CSV",
    b"\x28\xb5\x2f\xfd": "compressed by zstd: unpack it",
    b"BZh": "compressed by bzip2: unpack it",
    b"\xfd7zXZ": "compressed by xz: unpack it",
    _GZIP: "compressed by gzip: let its name end in .gz",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16 does: first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH = re.compile(rb"[\x80-\xff]+")


def open_text(path: Path) -> IO[str]:
    """The file's text, line ends as they are. A byte that is none becomes a lone surrogate, which the row's
    own check names.

    Raises:
        InputError: it is another kind of file than its name says.
        OSError, zlib.error: it cannot be read, or is damaged.
    """
    packed = path.suffix.lower() == ".gz"
    with path.open("rb") as file:
        first = file.read(8)
    for magic, what in _OTHERS.items():
        if first.startswith(magic) and not (packed and magic == _GZIP):
            raise InputError(f"it is {what}", code="unknown_format")
    encoding = encoding_of(_packed_sample(path) if packed else _sample(path))
    opened = gzip.open if packed else open
    return opened(path, "rt", encoding=encoding, errors="surrogateescape", newline="")


def encoding_of(sample: bytes) -> str:
    """The encoding of a text that begins so: by its mark, else UTF-8, else GB18030, Excel's in China.

    >>> [encoding_of("台灯".encode(name)) for name in ("utf-8", "gbk")], encoding_of(b"D\\xe9cor")
    (['utf-8', 'gb18030'], 'utf-8')
    """
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if (
        len(sample) > 1 and 0 in sample[:2]
    ):  # UTF-16 without its mark: a head begins with an ASCII character
        return "utf-16-le" if sample[0] else "utf-16-be"
    whole, _, rest = sample.rpartition(b"\n")  # the last line may be cut within a character
    lines = [line for line in (whole or rest).splitlines() if not line.isascii()]
    if 2 * sum(not _is(line, "utf-8") for line in lines) <= len(lines):
        return "utf-8"  # most lines are: the others are damaged
    runs = _HIGH.findall(b"\n".join(lines))
    paired = 2 * sum(len(run) > 1 for run in runs) > len(runs)  # single ones are letters of Latin-1
    return "gb18030" if paired and all(_is(line, "gb18030") for line in lines) else "utf-8"


def _sample(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_SAMPLE)


def _packed_sample(path: Path) -> bytes:
    """The first bytes of a gzip file that is whole by its own checksum: damage would else be read as rows.
    One that breaks off is right as far as it goes."""
    sample = b""
    with gzip.open(path) as file, suppress(EOFError):
        while piece := file.read(_PIECE if len(sample) < _SAMPLE else _MUCH):
            if len(sample) < _SAMPLE:
                sample += piece
    return sample


def _is(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
