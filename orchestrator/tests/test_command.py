"""A program of the host's: what it is given, what it gives, and what is said when it fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.errors import InfraError


def failure(*argv: str | Path, log: Path | None = None) -> InfraError:
    with pytest.raises(InfraError) as caught:
        command.run(argv, log=log)
    return caught.value


def test_its_standard_output_and_nothing_else() -> None:
    assert command.run(["sh", "-c", "echo out; echo err >&2"]) == b"out\n"


def test_it_is_no_shell_line() -> None:
    assert command.run(["echo", "$(id)", "a  b;"]) == b"$(id) a  b;\n"


def test_it_runs_where_it_is_told_to(tmp_path: Path) -> None:
    assert command.run(["pwd", "-P"], cwd=tmp_path) == f"{tmp_path.resolve()}\n".encode()


def test_it_is_given_its_input_and_otherwise_none() -> None:
    assert command.run(["cat"], stdin=b"\0bytes\n") == b"\0bytes\n"
    assert command.run(["cat"]) == b""


def test_its_environment_is_ours_and_what_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OURS", "1")
    monkeypatch.setenv("OTHER", "1")
    shown = command.run(["sh", "-c", "echo $OURS $OTHER"], env={"OTHER": "2"})
    assert shown == b"1 2\n"


def test_its_words_are_the_same_in_every_country(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert command.run(["sh", "-c", "echo $LC_ALL"]) == b"C.UTF-8\n"


def test_with_a_log_both_streams_go_there(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("of the last time")
    assert command.run(["sh", "-c", "echo out; echo err >&2; echo out"], log=log) == b""
    assert log.read_text() == "out\nerr\nout\n"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo err >&2; exit 7", "sh -c 'echo err >&2; exit 7' exited with 7:\n    err"),
        ("echo out; exit 1", "sh -c 'echo out; exit 1' exited with 1:\n    out"),
        ("kill -15 $$", "sh -c 'kill -15 $$' was killed by signal 15:\n"),
    ],
)
def test_a_failure_says_which_how_and_its_last_words(script: str, said: str) -> None:
    assert failure("sh", "-c", script).cause == said
    assert failure("sh", "-c", script).look == ""


def test_a_failure_with_a_log_quotes_it_and_says_where_it_is(tmp_path: Path) -> None:
    log = tmp_path / "log"
    error = failure("sh", "-c", "echo out; echo err >&2; exit 2", log=log)
    assert error.cause.endswith("exited with 2:\n    out\n    err")
    assert error.look == f"less {log}"


def test_only_the_last_lines_are_quoted_and_not_their_whole_length() -> None:
    script = "import sys; print(*range(100), 'x' * 1000, sep='\\n'); sys.exit(1)"
    head, *lines = failure(sys.executable, "-c", script).cause.splitlines()
    assert lines == [*(f"    {n}" for n in range(89, 100)), "    " + "x" * 300]
    assert head.startswith(sys.executable)


def test_a_long_command_line_is_cut() -> None:
    head = failure("false", "x" * 1000).cause.splitlines()[0]
    assert head == f"{('false ' + 'x' * 1000)[:200]} exited with 1:"


def test_last_words_that_are_no_text_are_quoted_all_the_same() -> None:
    assert failure("sh", "-c", r"printf '\377\n' >&2; exit 1").cause.endswith("    \ufffd")


def test_a_program_that_is_not_there_is_named_with_the_way_out() -> None:
    error = failure("no-such-program", "x")
    assert error.cause == "no-such-program cannot be started: No such file or directory"
    assert error.look == "lab doctor"


def test_one_that_may_not_be_run_is_named_too(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no program")
    error = failure(tmp_path / "text")
    assert error.cause == f"{tmp_path}/text cannot be started: Permission denied"


@pytest.mark.parametrize(
    ("script", "why", "look"),
    [
        ("echo x | cat > /dev/full", "there is no room left on the disk", "df -h"),
        ("kill -9 $$", "memory ran out", command.OUT_OF_MEMORY),
        (
            "echo 'gcc: fatal error: Killed signal terminated program cc1' >&2; exit 2",
            "memory ran out",
            command.OUT_OF_MEMORY,
        ),
    ],
)
def test_a_host_that_is_short_of_something_is_told_from_a_program_that_fails(
    script: str, why: str, look: str
) -> None:
    error = failure("sh", "-c", script)
    assert why in error.cause.splitlines()[0]
    assert error.look == look
