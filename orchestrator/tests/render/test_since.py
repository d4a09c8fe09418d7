from orchestrator.model import Release, Rule, Verdict
from orchestrator.render import since
from orchestrator.results.matrix import Matrix
from orchestrator.tests import matrices

ABSENT = (Verdict.ABSENT, "EINVAL")
FAIL = (Verdict.FAIL, "")


def told(matrix: Matrix, rules: tuple[Rule, ...] = ()) -> dict[tuple[str, str], str]:
    """Each story's line, by its first claim and the arch."""
    return {
        (story.rows[0].claim.name, history.arch): history.line
        for group in matrix.groups
        for story in since.stories(group, matrix, rules)
        for history in story.histories
    }


def grown(**early: tuple[Verdict, str]) -> tuple[Matrix, Rule]:
    """``early`` is seen on 5.10 and 6.1; on 6.12 everything passes. Elsewhere it does as well."""
    made = matrices.suite("a", "one", "two", "always")
    rule = Rule(
        ("a.one",),
        Verdict.ABSENT,
        "came late",
        until=Release(6, 11),
        arches=("x86_64",),
        place="a.yaml:1",
    )
    runs = [
        matrices.run("6.12", "x86_64", (made,)),
        matrices.run("5.10", "x86_64", (made,), **early),
        matrices.run("6.1", "x86_64", (made,), **early),
        matrices.run("6.1", "arm64", (made,)),
    ]
    return matrices.judged((made,), runs, (rule,)), rule


def test_a_rule_names_the_release_between_two_kernels() -> None:
    matrix, rule = grown(a__one=ABSENT)
    assert told(matrix, (rule,)) == {
        ("a.one", "x86_64"): "absent up to 6.1.192, pass since 6.11",
        ("a.one", "arm64"): "pass on all, 6.1.192 to 6.1.192",
    }


def test_without_a_rule_the_kernels_that_were_tried_are_all_that_is_known() -> None:
    matrix, _ = grown(a__two=FAIL)
    assert told(matrix)["a.two", "x86_64"] == "fail up to 6.1.192, pass from 6.12.117 on"


def test_a_rule_that_ends_elsewhere_dates_nothing() -> None:
    matrix, rule = grown(a__one=ABSENT)
    late = Rule(rule.claims, rule.want, rule.why, until=Release(7, 0), place=rule.place)
    assert told(matrix, (late,))["a.one", "x86_64"] == "absent up to 6.1.192, pass from 6.12.117 on"


def test_claims_with_one_history_are_told_together() -> None:
    matrix, _ = grown(a__one=FAIL, a__two=FAIL)
    (story,) = since.stories(matrix.groups[0], matrix, ())
    assert [row.claim.name for row in story.rows] == ["a.one", "a.two"]


def test_what_is_alike_everywhere_and_what_was_never_reached_is_no_story() -> None:
    made = matrices.suite("a", "one")
    runs = [matrices.run("6.1", "x86_64", (made,)), matrices.unreachable("6.1", "parisc")]
    matrix = matrices.judged((made,), runs)
    assert told(matrix) == {}
    (row,) = matrix.groups[0].rows
    assert since.history(row, matrix.columns, "parisc", ()).line == "never reached"


def test_in_brief_it_is_told_by_series() -> None:
    matrix, rule = grown(a__one=ABSENT)
    row = matrix.groups[0].rows[0]
    assert since.history(row, matrix.columns, "x86_64", (rule,)).brief == (
        "absent up to 6.1, pass since 6.11"
    )
    assert since.history(row, matrix.columns, "arm64", (rule,)).brief == "pass on all tried"
