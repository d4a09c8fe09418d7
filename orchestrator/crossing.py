"""What one part of a lab.yaml says about another: names given twice, and names of nothing.

It looks at the data as it was written, of which any part may be wrong in other ways: all
mistakes are to be told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from orchestrator import kernelentry, trackentry, yamlfile
from orchestrator.model import kselftest_suite
from orchestrator.yamlreader import Complaint, Place

_Named = tuple[Place, str]  # where a name stands, and the name


def complaints(data: Any, root: Path) -> list[Complaint]:
    """About the data of a lab.yaml; ``root`` is where its guest-tests/ are."""
    kernels = list(_under(data, "kernels", "name"))
    names = [name for _, name in kernels]
    suites = sorted(place.parent.name for place in root.glob("guest-tests/*/suite.yaml"))
    own = [
        ((*place, "kselftest"), kselftest_suite(name))
        for place, entry in _entries(data, "suites")
        if isinstance(name := _get(entry, "kselftest"), str)
    ]
    ours = list(_words(data, "suites"))
    excepted = [
        named
        for place, entry in _entries(data, "except")
        for named in _listed((*place, "kernels"), _get(entry, "kernels"))
    ]
    arches = [name for _, name in _words(data, "arches")]
    only = [
        named
        for part in ("kernels", "track")
        for place, entry in _entries(data, part)
        for named in _listed((*place, "arches"), _get(entry, "arches"))
    ]
    theirs = [*_under(data, "kernels", "headers"), *_under(data, "suites", "of")]
    return [
        *_twice("kernel", kernels),
        *_twice("arch", list(_words(data, "arches"))),
        *_twice("suite", sorted([*ours, *((place[:2], name) for place, name in own)], key=_first)),
        *_strangers("suite", ours, suites),
        *_strangers("kernel", excepted, names),
        *_strangers("kernel", theirs, names),
        *_strangers("arch", only, arches),
        *_twice("track", list(_tracks(data))),
        *_no_debians(theirs, data),
        *_nowhere(data, root),
        *_idle(data, names, [name for _, name in _tracks(data)]),
    ]


def _twice(what: str, named: Sequence[_Named]) -> Iterator[Complaint]:
    seen: set[str] = set()
    for place, name in named:
        if name in seen:
            yield place, f"{what} {name!r} is named twice"
        seen.add(name)


def _tracks(data: Any) -> Iterator[_Named]:
    for place, entry in _entries(data, "track"):
        own = _get(entry, "name")
        if name := own if isinstance(own, str) else trackentry.default_name(entry):
            yield place, name


def _strangers(what: str, named: Iterable[_Named], known: Sequence[str]) -> Iterator[Complaint]:
    for place, name in named:
        if name not in known:
            yield place, f"unknown {what} {name!r}{yamlfile.meant(name, known)}"


def _no_debians(named: Iterable[_Named], data: Any) -> Iterator[Complaint]:
    """Headers and tests are taken out of a source package."""
    others = {
        _get(entry, "name") for _, entry in _entries(data, "kernels") if not _get(entry, "debian")
    }
    for place, name in named:
        if name in others:
            yield place, f"kernel {name!r} is not of 'debian', whose source packages are looked in"


def _idle(data: Any, names: Sequence[str], tracks: Sequence[str]) -> Iterator[Complaint]:
    """Rules for kernels that are not there, nor may come by a track."""
    for place, rule in _entries(data, "expect"):
        for inner, pattern in _listed((*place, "kernels"), _get(rule, "kernels")):
            may_come = any(pattern.startswith(f"{track}-") for track in tracks)
            if not may_come and not any(fnmatchcase(name, pattern) for name in names):
                yield inner, f"no kernel is called {pattern!r}{yamlfile.meant(pattern, names)}"


def _nowhere(data: Any, root: Path) -> Iterator[Complaint]:
    """Patches that are not there."""
    for place, kernel in _entries(data, "kernels"):
        for inner, pattern in _patches((*place, "patches"), _get(kernel, "patches")):
            if not kernelentry.matching(root, pattern):
                yield inner, f"no file matches {pattern!r}, seen from {root.resolve()}"


def _patches(place: Place, value: Any) -> Iterator[_Named]:
    if isinstance(word := _get(value, "patch"), str):
        yield (*place, "patch"), word
    elif isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _patches((*place, index), entry)


def _entries(data: Any, key: str) -> Iterator[tuple[Place, Any]]:
    found = _get(data, key)
    yield from (((key, i), entry) for i, entry in enumerate(found if type(found) is list else ()))


def _words(data: Any, key: str) -> Iterator[_Named]:
    """The entries of a list that are words."""
    yield from ((place, entry) for place, entry in _entries(data, key) if isinstance(entry, str))


def _under(data: Any, key: str, inner: str) -> Iterator[_Named]:
    """A word that the entries of a list, which are mappings, have under the same key."""
    for place, entry in _entries(data, key):
        if isinstance(word := _get(entry, inner), str):
            yield (*place, inner), word


def _listed(place: Place, value: Any) -> Iterator[_Named]:
    """One word, or a list of some."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        yield from (((*place, i), word) for i, word in enumerate(value) if isinstance(word, str))


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _first(named: _Named) -> int:
    return int(named[0][1])
