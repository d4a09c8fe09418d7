"""What the index is asked: one run as a matrix, one claim over all runs, the newest word on all.

The answers are what the evidence says; rules are applied to them by whoever asked.
"""

from __future__ import annotations

import functools
import json
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orchestrator.model import Plan, Release, Run, Suite, Verdict
from orchestrator.results.durations import Duration, duration
from orchestrator.results.index import OUTCOME, PLAN, RUN, Index
from orchestrator.results.judge import Outcome
from orchestrator.results.reuse import Measured

_SAY_NOTHING = (Verdict.SKIP, Verdict.ERROR)  # about the kernel


@dataclass(frozen=True)
class Recorded:
    """A run as evidence has it, with what came out instead of what the guests said."""

    plan: Plan
    runs: Mapping[str, Run]  # by target
    seen: Mapping[str, Mapping[str, Outcome]]  # by target and claim

    def seen_of(self, run: Run) -> Mapping[str, Outcome]:
        """What came out on one of the runs; nothing on one that never was."""
        return self.seen.get(run.target, {})


@dataclass(frozen=True)
class Known:
    """A run in a line."""

    id: str
    started: str
    targets: int
    claims: int
    broken: str
    damage: str  # why it cannot be read; then there is nothing else to say


@dataclass(frozen=True, eq=False)
class Word:
    """What a target has to say about a claim. The same word in many runs is the same object."""

    column: Run  # without its boots
    outcome: Outcome | None  # None: it was not reached


@dataclass(frozen=True)
class Newest:
    """The newest outcome on a release; of several kernels of it one that says most."""

    claims: frozenset[str]  # those that came out so
    run: str
    column: Run  # without its boots; it has a release
    outcome: Outcome


Wanted = Callable[[str], bool]


def _all(_name: str) -> bool:
    return True


class _Config(Mapping[str, str]):
    """A kernel's options out of their JSON, which is read when one is asked for.

    Few rules ask, and for one or two: those are looked up, and the thousands beside them left.
    """

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._text = functools.cache(lambda: read().decode())
        self._value = functools.cache(self._look_up)

    def __getitem__(self, option: str) -> str:
        value = self._value(option)
        if value is None:
            raise KeyError(option)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(json.loads(self._text()))

    def __len__(self) -> int:
        return len(json.loads(self._text()))

    def __repr__(self) -> str:
        return self._text()

    def _look_up(self, option: str) -> str | None:
        # Inside a string a quote stands behind a backslash: this can be nothing but a key.
        key = f"{json.dumps(option)}: "
        at = self._text().find(key)
        return None if at < 0 else str(_DECODER.raw_decode(self._text(), at + len(key))[0])


_DECODER = json.JSONDecoder()


class Queries:
    """Questions to one index, with what is asked over and over kept at hand."""

    def __init__(self, index: Index) -> None:
        self._ask = index.connection.execute
        self._outcome = functools.cache(self._read_outcome)
        self._column = functools.cache(self._make_column)
        self._config = functools.cache(self._make_config)
        self._word = functools.cache(self._make_word)
        self._planned = functools.cache(self._read_planned)
        self._suites = functools.cache(self._read_suites)

    def runs(self) -> tuple[Known, ...]:
        """All runs, oldest first."""
        rows = self._ask(
            "SELECT name, started, broken, damage, plan, suites FROM run ORDER BY name"
        )
        return tuple(
            Known(name, started, *self._size(plan, suites), broken or "", damage)
            for name, started, broken, damage, plan, suites in rows
        )

    def run(self, name: str) -> Recorded | None:
        """One run; None when it is not there, or damaged."""
        row = self._ask("SELECT id, plan, suites FROM run WHERE name = ?", (name,)).fetchone()
        if row is None or row[1] is None:
            return None
        number, plan, suites = row
        columns = list(
            self._ask(
                "SELECT target, release, config, record, sheet FROM booted WHERE run = ?", (number,)
            )
        )
        return Recorded(
            self._plan(plan, suites),
            {target: self._run(*rest[:-1]) for target, *rest in columns},
            {target: self._sheet(sheet) for target, *_, sheet in columns},
        )

    def history(self, claim: str, arch: str = "") -> Iterator[tuple[str, Word]]:
        """What every run that planned the claim says of it, oldest first. Lies are left out."""
        for name, suites, *word in self._ask(_HISTORY, (claim, arch, arch)):
            if word[0] is not None or claim in self._planned(suites):
                yield name, self._word(*word)

    def newest(self, claims: Wanted = _all, arches: Wanted = _all) -> Iterator[Newest]:
        """For each claim, arch and release the outcome of the newest run that has one.

        What suites say that were built with old headers, or to lie, is left out.
        """
        names = {id: name for id, name in self._ask("SELECT id, name FROM claim") if claims(name)}
        kernels: dict[tuple[str, str], list[tuple[str, int, Run]]] = {}
        for run, sheet, *column in self._ask(_SHEETS).fetchall():
            _, arch, release, *_ = column
            if arches(arch):
                there = (run, sheet, self._column(*column))
                kernels.setdefault((arch, release), []).append(there)

        @functools.cache
        def named(numbers: str) -> frozenset[str]:
            return frozenset(names[one] for one in json.loads(numbers) if one in names)

        for columns in kernels.values():
            yield from self._newest(columns, frozenset(names.values()), named)

    def _newest(
        self,
        columns: Sequence[tuple[str, int, Run]],
        wanted: frozenset[str],
        named: Callable[[str], frozenset[str]],
    ) -> Iterator[Newest]:
        """Of the columns of one release, newest first."""
        left = wanted
        untold: list[Newest] = []
        for run, sheet, column in columns:
            if not left:
                return
            for number, numbers in self._ask(_SHEET, (sheet,)).fetchall():
                claims = named(numbers) & left
                word = Newest(claims, run, column, self._outcome(number))
                if word.outcome.result.verdict in _SAY_NOTHING:
                    untold.append(word)
                elif claims:
                    left -= claims
                    yield word
        for word in untold:
            if claims := word.claims & left:
                left -= claims
                yield replace(word, claims=claims)

    def measured(self, inputs: Collection[str]) -> tuple[Measured, ...]:
        """The targets of runs that were run with one of these digests, newest run first.

        Of those that were run with the same things throughout, the newest that saw anything.
        """
        marks = ", ".join("?" * len(inputs))
        rows = self._ask(_MEASURED.format(marks=marks), tuple(inputs)).fetchall()
        return tuple(
            Measured(self._plan(plan, suites), self._run(*rest), self._sheet(sheet))
            for _, plan, suites, sheet, *rest in rows
        )

    def durations(self) -> dict[str, Duration]:
        """How long each target's guests took in the newest run that it was in, where that tells."""
        rows = self._ask(_LATEST).fetchall()
        told = ((target, duration(_recorded(record), claims)) for target, record, claims in rows)
        return {target: found for target, found in told if found}

    def claims(self) -> tuple[str, ...]:
        """The names of all claims that were ever tried."""
        return tuple(name for (name,) in self._ask("SELECT name FROM claim ORDER BY name"))

    def _plan(self, plan: bytes, suites: int) -> Plan:
        return replace(PLAN.adapter.validate_json(plan), suites=self._suites(suites))

    def _size(self, plan: bytes | None, suites: int) -> tuple[int, int]:
        """How many targets and claims; none of a damaged run."""
        if plan is None:
            return 0, 0
        return len(json.loads(plan)["targets"]), len(self._planned(suites))

    def _make_word(self, outcome: int | None, *column: Any) -> Word:
        seen = None if outcome is None else self._outcome(outcome)
        return Word(self._column(*column), seen)

    def _make_column(self, kernel: str, arch: str, release: str, headers: str, config: int) -> Run:
        """A target with what rules ask of it."""
        parsed = Release.parse(release) if release else None
        options = self._config(config)
        return Run(f"{kernel}/{arch}", kernel, arch, parsed, headers=headers, config=options)

    def _run(self, release: str, config: int, record: bytes) -> Run:
        run = _recorded(record)
        parsed = Release.parse(release) if release else None
        options = self._text(config)  # now: who has the answer may have closed the index
        return replace(run, release=parsed, config=_Config(lambda: options))

    def _sheet(self, sheet: int) -> dict[str, Outcome]:
        rows = self._ask(
            "SELECT name, outcome FROM seen JOIN claim ON claim.id = claim WHERE sheet = ?",
            (sheet,),
        )
        return {claim: self._outcome(outcome) for claim, outcome in rows}

    def _text(self, number: int) -> bytes:
        (data,) = self._ask("SELECT data FROM text WHERE id = ?", (number,)).fetchone()
        return zlib.decompress(data)

    def _read_outcome(self, number: int) -> Outcome:
        (data,) = self._ask("SELECT data FROM outcome WHERE id = ?", (number,)).fetchone()
        return OUTCOME.adapter.validate_json(data)

    def _make_config(self, number: int) -> _Config:
        return _Config(functools.partial(self._text, number))

    def _read_suites(self, number: int) -> tuple[Suite, ...]:
        return PLAN.adapter.validate_json(self._text(number)).suites

    def _read_planned(self, suites: int) -> frozenset[str]:
        stored = json.loads(self._text(suites))["suites"]
        return frozenset(claim["name"] for suite in stored for claim in suite["claims"])


def _recorded(record: bytes) -> Run:
    """A target without its release and configuration, which have columns of their own."""
    return RUN.adapter.validate_json(zlib.decompress(record))


# What SQLite packs it need not hand over one by one; most sheets of a kernel say much the same.
_SHEET = "SELECT outcome, json_group_array(claim) FROM seen WHERE sheet = ? GROUP BY outcome"
_HISTORY = """
    SELECT run.name, suites, outcome, kernel, arch, release, headers, config
    FROM run JOIN booted ON booted.run = run.id
    LEFT JOIN seen ON seen.sheet = booted.sheet
        AND seen.claim = (SELECT id FROM claim WHERE name = ?)
    WHERE broken = '' AND (? = '' OR arch = ?)
    ORDER BY run.name, booted.id
"""
# Of each set of inputs the newest column: beside max() SQLite puts the other values of its row.
_MEASURED = """
    SELECT max(run.name), plan, suites, sheet, release, config, record
    FROM run JOIN booted ON booted.run = run.id
    WHERE broken = '' AND booted.inputs IN (SELECT inputs FROM input WHERE digest IN ({marks}))
        AND EXISTS (SELECT 1 FROM seen WHERE seen.sheet = booted.sheet)
    GROUP BY booted.inputs
    ORDER BY max(run.name) DESC, booted.id
"""
# Of each target the newest column, in the same way.
_LATEST = """
    SELECT target, record, (SELECT count(*) FROM seen WHERE seen.sheet = booted.sheet)
    FROM booted WHERE id IN (
        SELECT id FROM (
            SELECT max(run.name), booted.id AS id FROM run JOIN booted ON booted.run = run.id
            WHERE broken = '' GROUP BY target
        )
    )
"""
# A sheet that several runs share is read once, for the newest of them: beside max() SQLite puts
# the other values of its row.
_SHEETS = """
    SELECT max(run.name), sheet, kernel, arch, release, headers, config
    FROM run JOIN booted ON booted.run = run.id
    WHERE broken = '' AND headers = '' AND release != ''
    GROUP BY arch, release, sheet
    ORDER BY max(run.name) DESC, booted.id
"""
