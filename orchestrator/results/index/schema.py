"""The index's tables, and how an older file becomes one of today."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_PATIENCE = 60.0  # seconds that one lab waits for another to have written

# Each brings a file from the version that is its place in the list to the next one.
MIGRATIONS = (
    """
    CREATE TABLE made_by (readers TEXT NOT NULL);
    CREATE TABLE text (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, data BLOB NOT NULL);
    CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        stamp INTEGER NOT NULL,     -- when its directory changed; -1: it was being run
        started TEXT NOT NULL,
        damage TEXT NOT NULL,       -- why it cannot be read
        broken TEXT,
        plan BLOB,                  -- JSON, without its suites
        suites INTEGER REFERENCES text
    );
    CREATE TABLE claim (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE outcome (id INTEGER PRIMARY KEY, data TEXT NOT NULL UNIQUE);
    CREATE TABLE sheet (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE);
    CREATE TABLE booted (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
        target TEXT NOT NULL,
        kernel TEXT NOT NULL,
        arch TEXT NOT NULL,
        release TEXT NOT NULL,      -- '': the kernel could not be had
        headers TEXT NOT NULL,
        config INTEGER NOT NULL REFERENCES text,
        record BLOB NOT NULL,       -- the rest of it, packed JSON
        sheet INTEGER NOT NULL REFERENCES sheet
    );
    CREATE INDEX booted_by_run ON booted (run);
    CREATE INDEX booted_by_sheet ON booted (sheet);
    CREATE TABLE seen (
        sheet INTEGER NOT NULL REFERENCES sheet ON DELETE CASCADE,
        claim INTEGER NOT NULL REFERENCES claim,
        outcome INTEGER NOT NULL REFERENCES outcome,
        PRIMARY KEY (sheet, claim)
    ) WITHOUT ROWID;
    CREATE INDEX seen_by_claim ON seen (claim, sheet, outcome);
    """,
    """
    CREATE TABLE inputs (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE);
    CREATE TABLE input (        -- of a suite; what one target is run with is one set of them
        digest TEXT NOT NULL,
        inputs INTEGER NOT NULL REFERENCES inputs ON DELETE CASCADE,
        PRIMARY KEY (digest, inputs)
    ) WITHOUT ROWID;
    ALTER TABLE booted ADD COLUMN inputs INTEGER REFERENCES inputs;
    CREATE INDEX booted_by_inputs ON booted (inputs);
    DELETE FROM run;            -- they are read again
    """,
    """
    -- all that is asked of columns to find the newest of each release
    CREATE INDEX booted_by_release ON booted (arch, release, sheet, run, kernel, headers, config);
    """,
)

SWEEP = """
    DELETE FROM sheet WHERE id NOT IN (SELECT sheet FROM booted);
    DELETE FROM outcome WHERE id NOT IN (SELECT outcome FROM seen);
    DELETE FROM inputs WHERE id NOT IN (SELECT inputs FROM booted WHERE inputs IS NOT NULL);
    DELETE FROM text WHERE id NOT IN (SELECT config FROM booted UNION SELECT suites FROM run
        WHERE suites IS NOT NULL);
"""


@contextmanager
def connected(path: Path, readers: str) -> Iterator[sqlite3.Connection]:
    """A connection to a file with today's tables; its runs are forgotten when other ``readers``
    have filled it. Raises sqlite3.DatabaseError."""
    with closing(sqlite3.connect(path, timeout=_PATIENCE)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # it can be made again
        connection.execute("PRAGMA foreign_keys = ON")
        _migrate(connection)
        by = connection.execute("SELECT readers FROM made_by").fetchone()
        if by != (readers,):
            with connection:
                connection.execute("DELETE FROM run")
                connection.execute("DELETE FROM made_by")
                connection.execute("INSERT INTO made_by VALUES (?)", (readers,))
        yield connection


def _migrate(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise sqlite3.DatabaseError("it was written by a newer lab")
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT"
        )
