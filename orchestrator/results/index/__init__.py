"""What was seen in all runs: an SQLite file over the evidence, for questions about history.

    run  --<  booted (a column of a run: a target and its kernel)  >--  sheet  --<  seen

Nothing is in it that the evidence has not, and nothing that a rule says: what is wanted, and so
what surprises, is judged when somebody asks. It stays honest so:

- A run is read again when its directory changed, which it does whenever a lab begins or ends to
  add to it.
- All runs are read again when the code changed that makes verdicts out of evidence: a digest of
  it is kept.
- What cannot be read is kept as such, with the reason, and is not passed over in silence.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from orchestrator.cache import digest, tree_digest
from orchestrator.disk import unwritten
from orchestrator.errors import InfraError
from orchestrator.model import Boot, Plan, Run
from orchestrator.results import files
from orchestrator.results.index import schema
from orchestrator.results.judge import Outcome, outcomes
from orchestrator.results.store import Store

NAME, _LOCK = "index.sqlite", ".index.lock"

_PACKAGE = Path(__file__).parents[2]
# What turns evidence into outcomes; a change there makes other outcomes of old evidence.
READERS = (
    *("model", "results/index/__init__", "results/judge", "results/store", "results/files"),
    *("results/ktap", "results/klog", "results/subtests"),
    *("results/splats", "results/patterns", "results/stacks"),
)

CONFIG = files.Form(dict[str, str])
OUTCOME = files.Form(Outcome)
PLAN = files.Form(Plan)
RUN = files.Form(Run)


@dataclass(frozen=True)
class Update:
    """What it took to know all runs again."""

    read: tuple[str, ...]  # runs
    gone: tuple[str, ...]
    damaged: dict[str, str]  # run to the reason; of all that are there


class Index:
    """An open index of the runs of one store."""

    def __init__(self, store: Store, connection: sqlite3.Connection) -> None:
        self.store = store
        self.connection = connection
        self._claims: dict[str, int] = {}  # ids of what is there; asking for each takes time
        self._outcomes: dict[Hashable, int] = {}  # by all of them that is kept

    def catch_up(self, say: Callable[[str], None]) -> Update:
        """Read what is new or changed, forget what is gone; ``say`` hears which run is read.

        Of two labs that do so at once, one waits for the other.
        """
        with FileLock(self.store.root / _LOCK):
            return self._catch_up(say)

    def is_current(self, run: str) -> bool:
        """Whether it has that run as its evidence is now."""
        known = self.connection.execute("SELECT stamp FROM run WHERE name = ?", (run,)).fetchone()
        return known is not None and known[0] == self._stamp(run)

    def _catch_up(self, say: Callable[[str], None]) -> Update:
        known = dict(self.connection.execute("SELECT name, stamp FROM run"))
        there = {run: self._stamp(run) for run in self.store.ids()}
        gone = tuple(sorted(known.keys() - there.keys()))
        new = tuple(run for run, stamp in there.items() if known.get(run) != stamp)
        with self.connection:
            for run in gone:
                self._forget(run)
        for run in new:
            say(run)
            self._read(run, there[run])
        if gone or new:
            self._sweep()
        damaged = self.connection.execute("SELECT name, damage FROM run WHERE damage != ''")
        return Update(new, gone, dict(damaged))

    def _stamp(self, run: str) -> int:
        """Nanoseconds; 0 while somebody is at it, which is never what is stored."""
        if self.store.is_held(run):
            return 0
        return self.store.place(run).stat().st_mtime_ns

    def _read(self, run: str, stamp: int) -> None:
        with self.connection:
            self._forget(run)
            try:
                plan = self.store.plan(run)
                self.add(plan, (one for _, one in self.store.targets(run, plan)), stamp or -1)
            except InfraError as error:
                self._forget(run)  # some of it may have been whole
                self._insert("run", name=run, stamp=stamp or -1, started="", damage=error.cause)

    def _forget(self, run: str) -> None:
        self.connection.execute("DELETE FROM run WHERE name = ?", (run,))

    def _sweep(self) -> None:
        """Remove what no run refers to any more."""
        self._outcomes.clear()
        with self.connection:
            self.connection.executescript(schema.SWEEP)

    def add(
        self,
        plan: Plan,
        columns: Iterable[Run],
        stamp: int,
        seen: Callable[[Run], Mapping[str, Outcome]] = outcomes,
    ) -> None:
        """Keep what was ``seen`` in a run that is not there yet; its directory is of ``stamp``.

        ``columns`` are what is stored of its targets, in their order.
        """
        run = self._insert(
            "run",
            name=plan.id,
            stamp=stamp,
            started=plan.started,
            damage="",
            broken=plan.broken,
            plan=PLAN.adapter.dump_json(replace(plan, suites=())),
            suites=self._text(PLAN.adapter.dump_json(replace(_BARE, suites=plan.suites))),
        )
        for column in columns:
            self._column(run, column, seen(column))

    def _column(self, run: int, column: Run, seen: Mapping[str, Outcome]) -> None:
        config = json.dumps(dict(column.config), sort_keys=True).encode()
        bare = replace(column, release=None, config={}, boots=tuple(map(_mute, column.boots)))
        self._insert(
            "booted",
            run=run,
            target=column.target,
            kernel=column.kernel,
            arch=column.arch,
            release=str(column.release or ""),
            headers=column.headers,
            config=self._text(config),
            record=zlib.compress(RUN.adapter.dump_json(bare)),
            sheet=self._sheet(seen),
            inputs=self._inputs(column),
        )

    def _sheet(self, seen: Mapping[str, Outcome]) -> int:
        """What came out on a column. Most nights it is what came out the night before."""
        rows = sorted((self._claim(name), self._outcome(o)) for name, o in seen.items())
        key = digest(*(f"{claim} {outcome}" for claim, outcome in rows))
        found = self.connection.execute("SELECT id FROM sheet WHERE digest = ?", (key,)).fetchone()
        if found:
            return int(found[0])
        sheet = self._insert("sheet", digest=key)
        self.connection.executemany(
            "INSERT INTO seen VALUES (?, ?, ?)", ((sheet, *row) for row in rows)
        )
        return sheet

    def _inputs(self, column: Run) -> int | None:
        """What a column was run with, suite by suite; older labs did not keep that."""
        digests = sorted(set(column.inputs.values()))
        if not digests:
            return None
        key = digest(*digests)
        found = self.connection.execute("SELECT id FROM inputs WHERE digest = ?", (key,)).fetchone()
        if found:
            return int(found[0])
        made = self._insert("inputs", digest=key)
        rows = ((one, made) for one in digests)
        self.connection.executemany("INSERT INTO input VALUES (?, ?)", rows)
        return made

    def _claim(self, name: str) -> int:
        if name not in self._claims:
            self._claims[name] = self._interned("claim", "name", name)
        return self._claims[name]

    def _outcome(self, outcome: Outcome) -> int:
        """How long it took is left out: it is another time every time."""
        said = outcome.result
        alike = (
            *(said.verdict, said.note, said.splats),
            *(outcome.boot, outcome.attempts, outcome.origin),
        )
        if alike not in self._outcomes:
            bare = replace(outcome, result=replace(said, claim="", milliseconds=None))
            data = OUTCOME.adapter.dump_json(bare).decode()
            self._outcomes[alike] = self._interned("outcome", "data", data)
        return self._outcomes[alike]

    def _text(self, data: bytes) -> int:
        key = digest(data)
        found = self.connection.execute("SELECT id FROM text WHERE digest = ?", (key,)).fetchone()
        # Packing takes longer than looking.
        return (
            int(found[0]) if found else self._insert("text", digest=key, data=zlib.compress(data))
        )

    def _interned(self, table: str, key: str, value: str) -> int:
        found = self.connection.execute(
            f"SELECT id FROM {table} WHERE {key} = ?",  # noqa: S608 - our own names
            (value,),
        ).fetchone()
        return int(found[0]) if found else self._insert(table, **{key: value})

    def _insert(self, table: str, **row: object) -> int:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        done = self.connection.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - our own names
            tuple(row.values()),
        )
        assert done.lastrowid is not None
        return done.lastrowid


_BARE = Plan("", "", (), ())


@contextmanager
def opened(store: Store, *, anew: bool = False) -> Iterator[Index]:
    """The index of a store's runs, beside them. It may lag behind: ``catch_up``.

    An index by other code than today's is made ``anew``. Raises InfraError.
    """
    path = store.root / NAME
    if anew:
        remove(path)
    try:
        store.root.mkdir(parents=True, exist_ok=True)
        with schema.connected(path, readers()) as connection:
            yield Index(store, connection)
    except OSError as error:
        raise unwritten(path, error) from error
    except sqlite3.DatabaseError as error:
        raise InfraError(f"{path}: {error}", "lab index --rebuild") from error


def remove(path: Path) -> None:
    """Remove an index; it can be made again."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def readers() -> str:
    """A digest of the code that makes outcomes out of evidence."""
    files = [
        path
        for name in READERS
        for path in (*_PACKAGE.glob(f"{name}.py"), *_PACKAGE.glob(f"{name}/*.py"))
    ]
    return tree_digest(files, _PACKAGE)


def _mute(boot: Boot) -> Boot:
    """Without what the guest said: that is in the outcomes."""
    return replace(boot, ktap={}, splat="")
