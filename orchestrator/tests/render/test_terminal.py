import io
import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from orchestrator.model import Run
from orchestrator.render import terminal
from orchestrator.results.matrix import Matrix
from orchestrator.tests import matrices


def text(picture: RenderableType, width: int = 100, colour: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
    )
    console.print(picture)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def sheet(claim: str, target: str) -> str:
    matrix = matrices.everything()
    found = matrix.find(claim, target)
    assert found is not None
    return text(terminal.cell(matrix, found))


def line(picture: str, start: str) -> str:
    return next(line for line in picture.splitlines() if line.strip().startswith(start))


def test_fifteen_columns_fit_in_a_hundred() -> None:
    picture = text(terminal.matrix(matrices.wide(), full=True))
    assert max(cell_len(line) for line in picture.splitlines()) <= 100
    arches = [line.split() for line in picture.splitlines() if line.strip().startswith("x86_64  ")]
    assert ["x86_64", "arm64", "parisc"] in arches  # one band, not several
    assert line(picture, "5.10 6.1").split() == [*matrices.KERNELS] * 3
    assert line(picture, "promise-number-7-").split()[1:] == ["✓"] * 15


@pytest.mark.parametrize("width", [40, 60, 80, 160])
def test_any_width_will_do(width: int) -> None:
    for matrix in (matrices.wide(10), matrices.everything()):
        picture = text(terminal.matrix(matrix, full=True), width)
        assert max(cell_len(line) for line in picture.splitlines()) <= width


def test_columns_that_do_not_fit_go_to_a_band_of_their_own() -> None:
    picture = text(terminal.matrix(matrices.wide(1), full=True), width=60)
    cells = [
        line.split()[1:] for line in picture.splitlines() if line.startswith("  promise-number-")
    ]
    assert sum(map(len, cells)) == 15
    assert len(cells) > 1


def test_long_kernel_names_get_wide_columns() -> None:
    made = matrices.suite("s", "one")
    runs = [matrices.run(name, "arm64", (made,)) for name in ("trixie-backports", "6.1")]
    picture = text(terminal.matrix(matrices.judged((made,), runs), full=True))
    assert line(picture, "trixie-backports ").split() == ["trixie-backports", "6.1"]
    assert "trixie-backports = 6.12.117, 6.1.192" in picture


def test_even_rows_are_only_counted() -> None:
    picture = text(terminal.matrix(matrices.wide(20)))
    assert "20 claims: 19 pass wherever tried, 1 below" in picture
    assert line(picture, "promise-number-1-").split()[1:] == 3 * ["∅", "∅", "∅", "✓", "✓"]
    assert "promise-number-2-" not in picture


def test_full_shows_every_row() -> None:
    picture = text(terminal.matrix(matrices.wide(20), full=True))
    assert sum("  promise-number-" in line for line in picture.splitlines()) == 20


def test_surprises_are_marked_without_any_colour() -> None:
    picture = text(terminal.matrix(matrices.everything(), full=True))
    assert line(picture, "fails ").split() == ["fails", "✓", "✗!", "?", "/"]
    assert line(picture, "known ").split() == ["known", "⚑", "⚑", "?", "/"]
    assert line(picture, "better ").split() == ["better", "⚑", "✚!", "?", "/"]


def test_every_surprise_is_told_in_full() -> None:
    picture = text(terminal.matrix(matrices.everything()))
    assert "! odd.better  got ✓ pass, wanted ✗ fail" in picture
    assert "never fixed" in picture
    assert "odd.yaml:4" in picture
    assert len(re.findall(r"^! ", picture, re.MULTILINE)) == 7


def test_what_is_missing_is_told_by_the_reason_and_the_figures_close_it() -> None:
    picture = text(terminal.matrix(matrices.everything()))
    assert "/ infra  11 cells" in picture
    assert "no qemu-system-hppa on this host" in picture
    assert "lab doctor" in picture
    last = picture.rstrip().splitlines()[-1]
    assert last == "44 cells planned, 21 reported, 23 missing: 7 surprises"


def test_a_calm_matrix_ends_calmly() -> None:
    picture = text(terminal.matrix(matrices.wide(5)))
    assert "Surprises" not in picture
    assert "Missing" not in picture
    assert picture.rstrip().endswith("75 cells planned, 75 reported, 0 missing: no surprise")


def test_colour_adds_nothing_but_colour() -> None:
    matrix = matrices.everything()
    painted = text(terminal.matrix(matrix), colour=True)
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == text(terminal.matrix(matrix))


@pytest.mark.parametrize("target", ["6.1/x86_64", "5.10/parisc"])
def test_guests_cannot_act_on_the_terminal(target: str) -> None:
    for picture in (
        text(terminal.matrix(matrices.everything())),
        sheet("odd.hostile", target),
    ):
        assert not set(picture) & set("\x1b\x07\u202e")
        assert "[red]&amp;" in picture  # neither markup nor anything else: just what was said


def test_a_cell_is_shown_down_to_the_lines_that_decided() -> None:
    picture = sheet("odd.skips", "6.1/x86_64")
    for part in (
        "odd.skips@6.1/x86_64",
        "The kernel keeps promise 4.",
        "» skip  ! surprise",
        "✓ pass",
        "CONFIG_KSM is not set",
        "12 ms",
        "guest-tests/odd/odd.c:40",
        "6.1.192-1",
        "qemu-system-x86_64 -append 'console=ttyS0 panic=-1'",
        "ab" * 32,
        "KTAP of boot 1, which decided",
        "# trying 4 odd.skips",
    ):
        assert part in picture


def test_the_cell_of_a_rule_names_the_rule() -> None:
    picture = sheet("calm.nowhere", "5.10/x86_64")
    assert "since 99.0, 0123456789ab" in picture
    assert "calm.yaml:1" in picture
    assert "surprise" not in picture


def test_a_panic_comes_with_the_kernels_last_words() -> None:
    picture = sheet("last.kills", "6.1/x86_64")
    assert "~ Oops\n    fingerprint: fault" in picture
    assert "    Oops: 0000 [#1]" in picture


def test_a_splat_is_marked_listed_and_quoted() -> None:
    warned, calm = matrices.warned(), matrices.warned(matrices.ALLOWED)
    grid = text(terminal.matrix(warned))
    assert "✓~" in grid
    assert "splat  WARNING at mm/a.c in f" in grid
    assert "~ splat beside 1 cell" in grid
    assert "1 surprise" in grid
    assert "no surprise" in text(terminal.matrix(calm))
    cell = warned.find("odd.warns", "6.1/x86_64")
    assert cell is not None
    shown = text(terminal.cell(warned, cell))
    assert "fingerprint: warn cause" in shown
    assert "CPU#0: a/1" in shown
    allowed = calm.find("odd.warns", "6.1/x86_64")
    assert allowed is not None
    assert "in f, as a rule allows" in text(terminal.cell(calm, allowed))


def test_a_cell_without_evidence_says_why() -> None:
    picture = sheet("last.after", "5.10/parisc")
    assert "/ infra" in picture
    assert "lab doctor" in picture
    assert "KTAP" not in picture


def test_a_matrix_of_nothing_is_a_picture_too() -> None:
    matrix = matrices.judged((), ())
    assert text(terminal.matrix(matrix)).rstrip().endswith("no surprise")


def test_a_target_shows_its_real_release() -> None:
    matrix: Matrix = matrices.wide(1)
    columns: tuple[Run, ...] = (replace(matrix.columns[0], release=None), *matrix.columns[1:])
    picture = text(terminal.matrix(replace(matrix, columns=columns)))
    assert "5.10 = not to be had, 6.1.192, 6.12.117, 7.2.13, 7.3.4" in picture


def test_a_kernel_whose_name_only_begins_like_its_release_keeps_its_name() -> None:
    matrix = matrices.wide(1)
    columns = (replace(matrix.columns[2], kernel="6.1"), *matrix.columns[1:])
    picture = text(terminal.matrix(replace(matrix, columns=columns)))
    assert "x86_64  6.1 = 6.12.117, 6.1.192" in picture


def test_a_flake_says_how_often_and_each_attempt_is_shown() -> None:
    picture = text(terminal.matrix(matrices.flaky()))
    assert line(picture, "flaky ").split() == ["flaky", "≈!"]
    assert line(picture, "firm ").split() == ["firm", "✗!"]
    assert "! odd.flaky  got ✗ fail, wanted ✓ pass, ≈ flaky" in picture
    assert "as wanted in 1 of 2 attempts: fail, then pass" in picture
    assert picture.rstrip().endswith("0 missing: 2 surprises, 1 flaky")
    matrix = matrices.flaky()
    found = matrix.find("odd.flaky", "6.12/x86_64")
    assert found is not None
    shown = text(terminal.cell(matrix, found))
    assert "as wanted in 1 of 2 attempts: fail, then pass" in shown
    assert "KTAP of boot 1, which decided" in shown
    assert "KTAP of boot 2, which tried it again" in shown


def test_what_is_missing_is_named_and_so_is_the_command_that_finishes_it() -> None:
    picture = text(terminal.matrix(matrices.everything()))
    assert "calm.always, calm.nowhere, odd.fails, odd.known, odd.better, odd.skips and 5 more" in (
        " ".join(picture.split())
    )
    assert "Finish them: lab run --resume 20261121T013000Z" in picture
