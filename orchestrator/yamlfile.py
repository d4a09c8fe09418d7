"""YAML with places: plain data, and for each part of it the line and column it came from."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from orchestrator import yamlreader
from orchestrator.errors import ConfigError
from orchestrator.yamlreader import Complaint, Place

T = TypeVar("T")
_LONGEST = 60  # characters of what was found, in a complaint


@dataclass(frozen=True)
class Document:
    """One YAML file: its data, and where each part of it stands (line, column; from 1)."""

    name: str  # as the user should see it
    data: Any
    marks: dict[Place, tuple[int, int]]
    complaints: tuple[Complaint, ...] = ()  # that need no knowledge of what is expected

    def mark(self, place: Place) -> tuple[int, int]:
        """Line and column of the part at ``place``, or of the nearest one around it."""
        while place and place not in self.marks:
            place = place[:-1]
        return self.marks.get(place, (1, 1))

    def at(self, place: Place) -> str:
        """The same in the form that editors jump to: ``lab.yaml:12:5``."""
        line, column = self.mark(place)
        return f"{self.name}:{line}:{column}"


def load(path: Path, name: str) -> Document:
    """Read a file. Raises ConfigError when it is not there or not YAML."""
    data, marks, complaints = yamlreader.read(path, name)
    return Document(name, data, marks, complaints)


def validate(document: Document, adapter: TypeAdapter[T], also: Iterable[Complaint] = ()) -> T:
    """The document as values of a pydantic type.

    ``also`` is what the caller knows to be wrong with it. Raises ConfigError with all complaints
    at once, in the order of the file.
    """
    found = [*document.complaints, *also]
    try:
        value = adapter.validate_python(document.data)
    except ValidationError as error:
        errors = error.errors()
        unknown = any(one["type"] == "extra_forbidden" for one in errors)
        keys = _keys(adapter.json_schema()) if unknown else set()  # a slow question
        found += [(_place(document, one), _complaint(one, keys)) for one in errors]
    if found:
        found.sort(key=lambda pair: document.mark(pair[0]))
        raise ConfigError(*dict.fromkeys(f"{document.at(place)}: {text}" for place, text in found))
    return value


def meant(word: str, accepted: Iterable[str]) -> str:
    """`` (did you mean 'arches'?)``, or what would be accepted, or nothing."""
    choices = list(accepted)
    near = difflib.get_close_matches(word, choices, n=1)
    if near:
        return f" (did you mean {near[0]!r}?)"
    return f" (accepted: {', '.join(choices)})" if choices else ""


def _place(document: Document, error: ErrorDetails) -> Place:
    """Pydantic puts the names of union members into its places; a file knows nothing of them."""
    known = {part for place in document.marks for part in place}
    return tuple(part for part in error["loc"] if part in known)


def _complaint(error: ErrorDetails, keys: Iterable[str]) -> str:
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), list(keys), n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        return f"unknown key {error['loc'][-1]!r}{hint}"
    if error["type"] == "missing":
        return f"{error['loc'][-1]!r} is missing"
    if error["type"] in _KINDS:
        return _KINDS[error["type"]] + _found(error["input"])
    found = repr(error["input"])
    found = found if len(found) <= _LONGEST else found[: _LONGEST - 1] + "…"
    text = error["msg"].removeprefix("Value error, ")
    return text if found in text else f"{text}; found {found}"


# In the words of a file rather than of Python, the commonest mistakes.
_KINDS = {
    "model_type": "here should be a mapping (key: value)",
    "dict_type": "here should be a mapping (key: value)",
    "list_type": "here should be a list",
    "string_type": "here should be text",
    "too_short": "here should be at least one entry",
}


def _found(value: Any) -> str:
    """What stands there instead."""
    if value is None:
        return ", and nothing is here"
    if isinstance(value, str | list | dict):
        text = repr(value)
        return f"; found {text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}"
    return f"; without quotes it is {value} to YAML: write it in quotes"


def _keys(schema: Any) -> set[str]:
    """Every key that a JSON schema knows, at whatever depth."""
    if isinstance(schema, list):
        return {key for item in schema for key in _keys(item)}
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", ())) | {k for v in schema.values() for k in _keys(v)}
