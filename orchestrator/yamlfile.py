"""YAML with places: plain data, and for each part of it the line and column it came from.

Numbers with a dot stay text: YAML would read the kernel series 5.10 as the number 5.1.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from orchestrator.errors import ConfigError

T = TypeVar("T")
_MOST = 100_000  # parts of a file
_LARGEST = 512 << 10  # bytes; the reader takes a second for a tenth of that
_DEEPEST = 50  # brackets within brackets
_LONGEST = 60  # characters of what was found, in a complaint
Place = tuple[str | int, ...]  # the way to a part: ("kernels", 2, "debian")


class _Loader(yaml.SafeLoader):
    """The safe loader, less YAML 1.1's floats, and less patience."""

    def fetch_flow_collection_start(self, token: Any) -> None:
        """A bracket opens. The scanner's work grows with the square of how many are open."""
        if self.flow_level >= _DEEPEST:
            problem = f"more than {_DEEPEST} brackets are open"
            raise yaml.scanner.ScannerError(None, None, problem, self.get_mark())
        super().fetch_flow_collection_start(token)


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:float"]
    for letter, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Document:
    """One YAML file: its data, and where each part of it stands (line, column; from 1)."""

    name: str  # as the user should see it
    data: Any
    marks: dict[Place, tuple[int, int]]

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
    try:
        if path.stat().st_size > _LARGEST:
            raise ConfigError(f"{name}: is larger than {_LARGEST >> 10} KiB")
        text = path.read_text()
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: is not UTF-8 text (byte {error.start})") from error
    try:
        loader = _Loader(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: not valid YAML: {error}") from error
    try:
        root = loader.get_single_node()
        marks: dict[Place, tuple[int, int]] = {}
        data = _value(loader, root, (), marks, name) if root else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ConfigError(f"{name}{where}: not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{name}: not valid YAML: {error}") from error
    finally:
        loader.dispose()
    return Document(name, data, marks)


def validate(document: Document, adapter: TypeAdapter[T]) -> T:
    """The document as values of a pydantic type. Raises ConfigError with all complaints at once."""
    try:
        return adapter.validate_python(document.data)
    except ValidationError as error:
        keys = _keys(adapter.json_schema())
        found = [(_place(document, one), one) for one in error.errors()]
        found.sort(key=lambda pair: document.mark(pair[0]))
        complaints = [f"{document.at(place)}: {_complaint(one, keys)}" for place, one in found]
        raise ConfigError(*dict.fromkeys(complaints)) from error


def meant(word: str, accepted: Iterable[str]) -> str:
    """`` (did you mean 'arches'?)``, or what would be accepted, or nothing."""
    choices = list(accepted)
    near = difflib.get_close_matches(word, choices, n=1)
    if near:
        return f" (did you mean {near[0]!r}?)"
    return f" (accepted: {', '.join(choices)})" if choices else ""


def _value(
    loader: _Loader,
    node: yaml.Node,
    place: Place,
    marks: dict[Place, tuple[int, int]],
    name: str,
) -> Any:
    line, column = _mark(node)
    marks.setdefault(place, (line, column))
    if len(marks) > _MOST:  # aliases of aliases of aliases: a few lines can say very much
        raise ConfigError(f"{name}:{line}:{column}: the file has more than {_MOST} parts")
    if isinstance(node, yaml.SequenceNode):
        items: Sequence[yaml.Node] = node.value
        return [_value(loader, item, (*place, i), marks, name) for i, item in enumerate(items)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(loader, node, name)
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        line, column = _mark(key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            raise ConfigError(f"{name}:{line}:{column}: a key must be a word")
        key = _scalar(loader, key_node, name)
        if key in found:
            raise ConfigError(f"{name}:{line}:{column}: {key!r} is given twice")
        marks[(*place, key)] = (line, column)
        found[key] = _value(loader, value_node, (*place, key), marks, name)
    return found


def _scalar(loader: _Loader, node: yaml.Node, name: str) -> Any:
    line, column = _mark(node)
    try:
        return loader.construct_object(node)
    except ValueError as error:  # 2026-13-45
        raise ConfigError(f"{name}:{line}:{column}: {node.value!r}: {error}") from error
    except (LookupError, AttributeError) as error:  # how PyYAML fails on `!!bool maybe`
        tag = node.tag.rpartition(":")[2]
        raise ConfigError(f"{name}:{line}:{column}: {node.value!r} is no {tag}") from error


def _mark(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


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
    found = repr(error["input"])
    found = found if len(found) <= _LONGEST else found[: _LONGEST - 1] + "…"
    text = error["msg"].removeprefix("Value error, ")
    return text if found in text else f"{text}; found {found}"


def _keys(schema: Any) -> set[str]:
    """Every key that a JSON schema knows, at whatever depth."""
    if isinstance(schema, list):
        return {key for item in schema for key in _keys(item)}
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", ())) | {k for v in schema.values() for k in _keys(v)}
