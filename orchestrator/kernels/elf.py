"""What an ELF file says of itself: the only module that knows pyelftools.

It imports it when there is a file to look into: that takes a fifteenth of the time in which a run
begins, and most runs know their kernels already.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from elftools.elf.elffile import ELFFile


def machine(data: bytes) -> tuple[str | int, int]:
    """For which machine it is, as EM_* (a number without a name as it is), and for how many bits.

    Raises ValueError, as the others here do, when it is no ELF file or damaged.
    """
    with _opened(io.BytesIO(data)) as elf:
        return elf.header["e_machine"], elf.elfclass


def segment_notes(data: bytes) -> list[tuple[str, str | int]]:
    """Name and type of each note that the program headers lead to."""
    with _opened(io.BytesIO(data)) as elf:
        segments: Iterator[Any] = elf.iter_segments("PT_NOTE")
        return [(n["n_name"], n["n_type"]) for segment in segments for n in segment.iter_notes()]


def build_id(file: IO[bytes]) -> bytes | None:
    """What the linker stamped it with; None: nothing."""
    with _opened(file) as elf:
        sections: Iterator[Any] = elf.iter_sections("SHT_NOTE")
        notes = (note for section in sections for note in section.iter_notes())
        stamps = (note["n_desc"] for note in notes if note["n_type"] == "NT_GNU_BUILD_ID")
        return next((bytes.fromhex(stamp) for stamp in stamps), None)


def section(data: bytes, name: str) -> bytes:
    """The contents of a section; nothing when there is none of that name."""
    with _opened(io.BytesIO(data)) as elf:
        found = elf.get_section_by_name(name)
        return bytes(found.data()) if found else b""


@contextmanager
def _opened(file: IO[bytes]) -> Iterator[ELFFile]:
    from elftools.common.exceptions import ELFError
    from elftools.elf.elffile import ELFFile

    try:
        yield ELFFile(file)
    except ELFError as error:
        raise ValueError(f"it is damaged: {error}") from error
