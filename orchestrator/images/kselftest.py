"""The kernel's own tests as a suite: its rows, and what is pushed to a guest for them.

The rows come from the host's build, as those of our own suites do. A program that does not build
for another arch keeps its rows, and the guest says why it is not there.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestrator import command
from orchestrator.cache import Cache, digest
from orchestrator.errors import InfraError
from orchestrator.images import harness, suites
from orchestrator.images.selftests import TESTS, Origin, origin, programs
from orchestrator.images.suites import Say
from orchestrator.model import Arch, Claim, Kselftest, Suite

_NOBODY = "65534"


@dataclass(frozen=True)
class Row:
    """A claim, and the call of a program that is behind it."""

    claim: str
    text: str
    line: int  # 0: not known
    program: str
    arguments: tuple[str, ...] = ()


def suite(tests: Kselftest, cache: Cache, say: Say) -> Suite:
    """The suite that the tests are, a claim for each row. Raises InfraError."""
    source = origin(tests, cache, say)
    tree = f"linux-{source.version}/{TESTS}/{tests.directory}"
    about = f"The kernel's own {TESTS}/{tests.directory}, of {source.version}."
    rows = _rows(source, cache, say)
    claims = (Claim(row.claim, row.text, f"{row.program}.c", row.line, tree) for row in rows)
    return Suite(tests.suite, about, tuple(claims))


def stream(tests: Kselftest, arch: Arch, cache: Cache, say: Say) -> Path:
    """The programs and the list of their calls, as a .tar.gz to be pushed. Raises InfraError."""
    source = origin(tests, cache, say)
    rows = _rows(source, cache, say)
    made = programs(source, arch, cache, say)
    unbuilt = made.unbuilt
    calls = guest_rows(rows, unbuilt)

    def produce(directory: Path) -> None:
        (directory / tests.suite).symlink_to("suites")
        (directory / f"{tests.suite}.rows").write_text(calls)
        place = directory / f"{tests.suite}.d"
        place.mkdir()
        for program in tests.tests:
            if program not in unbuilt:
                shutil.copy(made.directory / program, place)
        packed = suites.pack(directory)
        shutil.rmtree(place)
        (directory / "stream.tar.gz").write_bytes(packed)

    key = digest(calls, made.key)
    return cache.make("kselftest-streams", f"{arch.name}-{key}", produce) / "stream.tar.gz"


def guest_rows(rows: Sequence[Row], unbuilt: Mapping[str, str]) -> str:
    """What the guest's runner reads; the form is guest-tests/support/programs.h's."""
    return "".join(
        "\t".join(
            (row.claim.partition(".")[2], "", unbuilt[row.program])
            if row.program in unbuilt
            else (row.claim.partition(".")[2], row.program, *row.arguments)
        )
        + "\n"
        for row in rows
    )


def _rows(source: Origin, cache: Cache, say: Say) -> tuple[Row, ...]:
    made = programs(source, suites.host(), cache, say)

    def produce(directory: Path) -> None:
        names = source.tests.tests
        rows = [row for name in names for row in _of_program(source, made.directory, name)]
        _need_names([row.claim for row in rows])
        (directory / "rows.json").write_text(json.dumps([asdict(row) for row in rows], indent=1))

    key = digest(made.key, Path(harness.__file__).read_bytes())
    found = cache.make("kselftest-rows", key, produce) / "rows.json"
    return tuple(
        Row(**{**row, "arguments": tuple(row["arguments"])})
        for row in json.loads(found.read_text())
    )


def _need_names(claims: Sequence[str]) -> None:
    for i, claim in enumerate(claims):
        if claim in claims[:i]:
            raise InfraError(f"{claim} is the name of two tests: leave one of them out")


def _of_program(source: Origin, place: Path, program: str) -> list[Row]:
    code = (source.place / f"{program}.c").read_text()
    if not harness.uses_harness(code):
        text = f"{program} of the kernel's own tests finds nothing wrong"
        return [Row(claim_name(source.tests.suite, program), text, 1, program)]
    places = harness.written(code)
    return [
        _row(source.tests.suite, program, test, places.get((test.fixture, test.name)))
        for test in harness.listed(_list(place / program))
    ]


def _row(suite: str, program: str, test: harness.HarnessTest, at: harness.Written | None) -> Row:
    about = at.about if at and at.about else "the kernel's own test finds nothing wrong"
    words = [w for w in test.id.split(".") if _form(w) not in (_form(program), "global")]
    return Row(
        claim=claim_name(suite, program, *words),
        text=f"{about} ({test.id})",
        line=at.line if at else 0,
        program=program,
        arguments=("-r", test.id),
    )


def claim_name(suite: str, *words: str) -> str:
    """The row's name: ``kselftest-mm.guard-regions-anon-basic``."""
    return f"{suite}.{'-'.join(_form(word) for word in words)}"


def _form(word: str) -> str:
    return word.replace("_", "-").replace(".", "-")


def _list(program: Path) -> str:
    """What it lists with ``-l``, for which it exits with kselftest's code for a skipped test.

    It is run without any right on this host: a constructor of a test may well set up huge pages.
    """
    with tempfile.TemporaryDirectory() as place:
        copy = Path(shutil.copy(program, place))
        copy.parent.chmod(0o755)
        fence = ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")
        argv = [*(fence if os.geteuid() == 0 else ()), "sh", "-c", '"$0" -l 2>&1; [ $? -eq 4 ]']
        return command.run([*argv, copy]).decode()
