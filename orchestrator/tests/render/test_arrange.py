from dataclasses import replace

import pytest

from orchestrator.model import Boot, Ending, Rule, Snapshot, Verdict
from orchestrator.render import arrange, look
from orchestrator.results.matrix import Matrix, Row
from orchestrator.tests import matrices
from orchestrator.tests.matrices import observed, run, suite, unreachable

NOT_SET = (Verdict.SKIP, "CONFIG_KSM is not set")


def rows(matrix: Matrix) -> dict[str, Row]:
    return {row.claim.name: row for group in matrix.groups for row in group.rows}


def test_columns_are_spanned_arch_by_arch() -> None:
    matrix = matrices.wide(1)
    assert [(span.arch, len(span.columns)) for span in arrange.spans(matrix.columns)] == [
        ("x86_64", 5),
        ("arm64", 5),
        ("parisc", 5),
    ]
    assert [i for i, edge in enumerate(arrange.edges(matrix.columns)) if edge] == [0, 5, 10]


def test_planned_is_reported_and_missing() -> None:
    counts = arrange.counts(matrices.everything())
    assert (counts.planned, counts.reported, counts.missing) == (44, 21, 23)
    assert counts.infra == 11  # the column of the target that could not be started
    assert counts.surprises == 7
    assert counts.known_bugs == 3


def test_a_row_is_even_when_all_that_were_tried_agree_and_are_wanted() -> None:
    made = suite("s", "same", "skipped", "surprising", "differing")
    rule = Rule(("s.differing",), Verdict.SKIP, "no KSM there", arches=("arm64",))
    seen = {"s.surprising": (Verdict.FAIL, ""), "s.differing": NOT_SET}
    matrix = matrices.judged(
        (made,),
        (run("6.1", "x86_64", (made,)), observed("6.1", "arm64", (made,), seen)),
        (rule,),
    )
    assert [arrange.is_even(row) for row in rows(matrix).values()] == [True, True, False, False]


def test_a_column_without_results_makes_no_row_uneven() -> None:
    made = suite("s", "same")
    matrix = matrices.judged((made,), (unreachable("6.1", "parisc"), run("6.1", "arm64", (made,))))
    row = rows(matrix)["s.same"]
    assert arrange.is_even(row)
    assert arrange.common(row) is look.VERDICTS[Verdict.PASS]


def test_a_row_that_was_tried_nowhere_has_the_look_of_that() -> None:
    made = suite("s", "same")
    matrix = matrices.judged((made,), (unreachable("6.1", "parisc"),))
    assert arrange.common(rows(matrix)["s.same"]) is look.INFRA


def test_passing_is_counted_by_column_and_not_where_nothing_was_tried() -> None:
    made = suite("s", "one", "two", "three")
    matrix = matrices.judged(
        (made,),
        (
            run("6.1", "x86_64", (made,)),
            run("6.1", "arm64", (made,), s__two=NOT_SET),
            unreachable("6.1", "parisc"),
        ),
    )
    assert arrange.tallies(matrix.groups[0]) == ((3, 0), (2, 1), (None, 0))


def test_equal_surprises_are_one_finding() -> None:
    made = suite("s", "one", "two")
    same = (Verdict.FAIL, "s.c:1: expected 0")
    runs = (
        run("5.10", "arm64", (made,), s__one=same),
        run("6.1", "arm64", (made,), s__one=same),
        run("6.12", "arm64", (made,), s__one=(Verdict.FAIL, "s.c:2"), s__two=same),
    )
    findings = arrange.surprises(matrices.judged((made,), runs))
    assert [(finding.first.claim, finding.targets) for finding in findings] == [
        ("s.one", ("5.10/arm64", "6.1/arm64")),
        ("s.one", ("6.12/arm64",)),
        ("s.two", ("6.12/arm64",)),
    ]


def test_known_bugs_stand_apart_from_departures() -> None:
    matrix = matrices.everything()
    assert [finding.first.claim for finding in arrange.known_bugs(matrix)] == [
        "odd.known",
        "odd.better",
    ]
    assert [finding.claims for finding in arrange.departures(matrix)] == [("calm.nowhere",)]


def test_missing_cells_are_grouped_by_the_reason() -> None:
    reasons = [
        (finding.first.infra, finding.first.note, len(finding.cells))
        for finding in arrange.missing(matrices.everything())
    ]
    assert reasons == [
        (False, "not reached: the console was silent for 60 s", 11),
        (True, "no qemu-system-hppa on this host", 11),
        (False, "not reached: Kernel panic - not syncing: Fatal exception", 1),
    ]


def test_looks_are_counted_in_the_order_of_the_legend() -> None:
    fail, passes = look.VERDICTS[Verdict.FAIL], look.VERDICTS[Verdict.PASS]
    assert arrange.by_look([fail, passes, fail]) == ((passes, 1), (fail, 2))


def test_attempts_are_told_when_there_were_several() -> None:
    flaky, firm, calm = matrices.flaky().cells()
    assert arrange.attempts(flaky) == "as wanted in 1 of 2 attempts: fail, then pass"
    often = replace(firm, attempts=firm.attempts * 10)
    assert arrange.attempts(often) == "as wanted in 0 of 20 attempts: fail 20 times"
    assert arrange.attempts(replace(often, want=Verdict.FAIL)) == "as wanted in 20 of 20 attempts"
    assert arrange.attempts(firm) == "as wanted in 0 of 2 attempts: fail 2 times"
    assert arrange.attempts(calm) == ""


def test_a_flake_does_not_count_as_passing() -> None:
    made = suite("s", "one")
    seen = run("6.1", "arm64", (made,))
    later = Boot(2, Ending.DONE, ready=1.0, ktap={"s": "not ok 1 s.one\n"}, retry_of=("s.one",))
    matrix = matrices.judged((made,), (replace(seen, boots=(*seen.boots, later)),))
    assert arrange.tallies(matrix.groups[0]) == ((0, 1),)


@pytest.mark.parametrize(
    ("part", "whole", "tenths"),
    [(0, 74, 0), (1, 169, 1), (73, 74, 9), (74, 74, 10), (0, 0, 10), (37, 74, 5)],
)
def test_only_none_and_all_are_shown_as_such(part: int, whole: int, tenths: int) -> None:
    assert arrange.tenths(part, whole) == tenths


# ---- how guests came to be ready


def test_how_a_targets_guests_began_is_said_once_for_each_state() -> None:
    one = run("6.12", "x86_64", ())
    (boot,) = one.boots
    state = Snapshot("ab12", "2026-01-01T00:00:00+00:00", 3.21)
    resumed = replace(boot, snapshot=state)
    said = "from the state saved at 2026-01-01T00:00:00+00:00 by a boot of 3.2 s"
    assert arrange.start(one) == "booted"
    assert arrange.start(replace(one, boots=(resumed, resumed))) == said
    assert arrange.start(replace(one, boots=(resumed, boot))) == f"booted; {said}"
    assert arrange.start(replace(one, boots=())) == ""
