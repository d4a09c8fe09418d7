"""Files of evidence: written whole or not at all, read back as what they say they are."""

from __future__ import annotations

import functools
import gzip
import json
import os
import shutil
import zlib
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from orchestrator.disk import writing
from orchestrator.errors import InfraError

T = TypeVar("T")


class Form(Generic[T]):
    """What is in a file: values of a type.

    To work out how they are read takes milliseconds, and is left to who first has one to read.
    """

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind

    @functools.cached_property
    def adapter(self) -> TypeAdapter[T]:
        """Reads them, and writes them."""
        return TypeAdapter(self._kind)


def write(path: Path, data: bytes) -> None:
    """All of it or nothing, and on disk when this returns. Raises InfraError."""
    aside = path.with_name(f".{path.name}.new")
    with writing(path):
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)


def again(old: Path, new: Path) -> None:
    """The same file by another name, for nothing of evidence is ever written to again.

    A copy, where the file system has no such thing, or is another one.
    """
    with writing(new):
        try:
            os.link(old, new)
        except OSError:
            shutil.copyfile(old, new)


def tidy(place: Path) -> None:
    """Remove what writers left aside that were killed; nobody may be writing below ``place``."""
    for left in place.rglob(".*.new"):
        left.unlink(missing_ok=True)


def read_json(path: Path) -> Any:
    """What a JSON file holds. Raises InfraError when it is damaged."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise InfraError(f"{path} is damaged: {error}", f"less {path}") from error


def read_gzip(path: Path) -> str:
    """A packed text. Raises InfraError when it is damaged."""
    try:
        return gzip.decompress(path.read_bytes()).decode()
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise InfraError(f"{path} is damaged: {error}", f"zcat {path}") from error


def validate(path: Path, form: Form[T], data: Any) -> T:
    """Data of a file as a value. Raises InfraError when it is of another form."""
    try:
        return form.adapter.validate_python(data)
    except ValidationError as error:
        raise InfraError(
            f"{path} is not evidence of this version: {error.errors()[0]['msg']}", f"less {path}"
        ) from error


def read_lines(path: Path) -> str:
    """The whole lines of a text that grows line by line.

    Its writer may have been killed in the middle of one: "ok 1 a.b" may be the beginning of
    "ok 1 a.b # SKIP", so a line without its end does not count.
    """
    text = path.read_bytes().decode(errors="replace")
    return text[: text.rfind("\n") + 1]
