"""From a YAML file to plain data, with the place of each part.

Numbers with a dot stay text, as they are written: YAML would read the kernel series 5.10 as
the number 5.1. Whatever is in the file, the only exception is ConfigError.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import yaml

from orchestrator.errors import ConfigError

_LARGEST = 1 << 20  # bytes of a file
_MOST = 100_000  # parts of a file
_DEEPEST = 100  # parts inside each other
_TOO_DEEP = f"more than {_DEEPEST} parts are inside each other"

Place = tuple[str | int, ...]  # the way to a part: ("kernels", 2, "debian")
Complaint = tuple[Place, str]  # about a part, and what is wrong with it


class Number(str):
    """A number with a dot that stands in the file without quotes, as it is written there."""

    means: float  # to YAML


class _Scalars(yaml.SafeLoader):
    """What a scalar stands for: as the safe loader has it, less YAML 1.1's floats."""


def _number(scalars: _Scalars, node: yaml.ScalarNode) -> Number:
    number = Number(node.value)
    number.means = scalars.construct_yaml_float(node)
    return number


_Scalars.add_constructor("tag:yaml.org,2002:float", _number)
# Whatever has one of these is as plain as it looks; any other tag was written out.
_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("seq", "map")}


def read(path: Path, name: str) -> tuple[Any, dict[Place, tuple[int, int]], tuple[Complaint, ...]]:
    """The data, where each part stands (line, column; from 1), and what is wrong with it that
    one can read past. Raises ConfigError; ``name`` is what the user calls the file.
    """
    root = _root(_text(path, name), name)
    reader = _Reader(name)
    data = reader.value(root, ()) if root else None
    return data, reader.marks, tuple(reader.complaints)


def _text(path: Path, name: str) -> str:
    try:
        if stat.S_ISFIFO(path.stat().st_mode):  # nobody may ever write to it
            raise ConfigError(f"{name}: cannot be read: it is a pipe, not a file")
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise ConfigError(f"{name}: is larger than {_LARGEST >> 20} MiB")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        where = _position(data[: error.start].decode("utf-8-sig", "replace"))
        raise ConfigError(
            f"{name}:{where}: is not UTF-8 text: byte {data[error.start]:#04x}"
        ) from error


def _root(text: str, name: str) -> yaml.Node | None:
    """The file's root node: by libyaml, and whatever it refuses by PyYAML's own parser, which is
    ten times as slow and says better what is wrong and where.
    """
    try:
        return yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError:
        loader = _loader(text, name)
    try:
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ConfigError(f"{name}{where}: not valid YAML: {error.problem}") from error
    except RecursionError as error:
        mark = loader.get_mark()
        raise ConfigError(f"{name}:{mark.line + 1}:{mark.column + 1}: {_TOO_DEEP}") from error
    finally:
        loader.dispose()


def _loader(text: str, name: str) -> yaml.SafeLoader:
    try:
        return yaml.SafeLoader(text)
    except yaml.reader.ReaderError as error:
        where = _position(text[: error.position])
        raise ConfigError(
            f"{name}:{where}: not valid YAML: character {text[error.position]!r} may not be in it"
        ) from error


def _position(before: str) -> str:
    """Line and column, from 1, of what comes after ``before``."""
    *lines, last = before.split("\n")
    return f"{len(lines) + 1}:{len(last) + 1}"


class _Reader:
    """From a file's nodes to plain data, with the place of each part."""

    def __init__(self, name: str) -> None:
        self.marks: dict[Place, tuple[int, int]] = {}
        self.complaints: list[Complaint] = []
        self._scalars = _Scalars("")
        self._name = name

    def value(self, node: yaml.Node, place: Place) -> Any:
        """The data of a node. Raises ConfigError where reading on would lead nowhere."""
        line, column = _mark(node)
        self.marks.setdefault(place, (line, column))
        # Aliases of aliases of aliases: a few lines can say very much, or never end.
        if len(self.marks) > _MOST:
            raise ConfigError(f"{self._name}:{line}:{column}: the file has more than {_MOST} parts")
        if len(place) > _DEEPEST:
            raise ConfigError(f"{self._name}:{line}:{column}: {_TOO_DEEP}")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if node.tag not in _TAGS:
            self.complaints.append((place, f"a tag such as {node.tag!r} means nothing here"))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, i)) for i, item in enumerate(node.value)]
        return self._mapping(node, place)

    def _mapping(self, node: yaml.Node, place: Place) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line, column = _mark(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConfigError(f"{self._name}:{line}:{column}: a key must be a word")
            key = self._scalar(key_node)
            inside = (*place, key)
            if key in found:
                # A place of its own, for the second one to be pointed at.
                inside = (*place, key, "again")
                self.complaints.append((inside, f"{key!r} is given twice"))
            self.marks[inside] = (line, column)
            value = self.value(value_node, inside)
            found.setdefault(key, value)
        return found

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            value = self._scalars.construct_object(node)
            if isinstance(value, str):
                value.encode()  # "\\ud800", half of a character
        except yaml.constructor.ConstructorError as error:  # such as !!python/name
            line, column = _mark(node)
            raise ConfigError(
                f"{self._name}:{line}:{column}: not valid YAML: {error.problem}"
            ) from error
        except ValueError as error:  # also 2026-13-45
            line, column = _mark(node)
            why = f"{node.value!r}: {error}"
            raise ConfigError(f"{self._name}:{line}:{column}: {why}") from error
        except (LookupError, AttributeError) as error:  # how PyYAML fails on `!!bool maybe`
            line, column = _mark(node)
            why = f"{node.value!r} is no {node.tag.rpartition(':')[2]}"
            raise ConfigError(f"{self._name}:{line}:{column}: {why}") from error
        return value


def _mark(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
