"""The index answers as the evidence does, whatever became of either in the meantime."""

from __future__ import annotations

import ast
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.errors import InfraError
from orchestrator.model import Claim, Ending, Plan, Rule, Run, Verdict
from orchestrator.results import index, matrix
from orchestrator.results.diff import diff
from orchestrator.results.history import history
from orchestrator.results.index import schema
from orchestrator.results.index.queries import Queries
from orchestrator.results.store import Store
from orchestrator.tests.cli.lab import keep, keep_run
from orchestrator.tests.matrices import observed, suite

ODD = suite("odd", "one", "two")
FAIL = (Verdict.FAIL, "odd.c:1: expected 0")
TARGETS = (("6.1", "x86_64"), ("6.12", "parisc"))


def plan(day: int, **more: str) -> Plan:
    run = f"202601{day:02}T000000.000000Z"
    return replace(Plan(run, f"2026-01-{day:02}", TARGETS, (ODD,)), **more)  # type: ignore[arg-type]


def runs(*bad: str) -> list[Run]:
    """Both targets; on those that are ``bad`` the first claim fails."""
    return [
        observed(k, a, (ODD,), {"odd.one": FAIL} if f"{k}/{a}" in bad else {}) for k, a in TARGETS
    ]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three nights; in the second a claim fails on parisc."""
    made = Store(tmp_path / "runs")
    keep(made, plan(1), *runs())
    keep(made, plan(2), *runs("6.12/parisc"))
    keep(made, plan(3), *runs())
    return made


def caught_up(store: Store) -> index.Update:
    with index.opened(store) as opened:
        return opened.catch_up(lambda _: None)


def verdicts(store: Store, claim: str = "odd.one", arch: str = "") -> dict[str, list[str]]:
    """What came out, by target."""
    with index.opened(store) as opened:
        words = Queries(opened).history(claim, arch)
        found = history(Claim(claim, ""), words, ())
    return {line.target: [e.cell.got.value for e in line.entries] for line in found.lines}


def answers(store: Store) -> str:
    """All that can be asked, as text."""
    with index.opened(store) as opened:
        ask = Queries(opened)
        told = [ask.runs(), list(ask.history("odd.one")), list(ask.newest()), ask.claims()]
        return repr([*told, *(ask.run(run) for run in store.ids())])


def test_a_run_out_of_the_index_is_the_run_out_of_its_evidence(store: Store) -> None:
    caught_up(store)
    with index.opened(store) as opened:
        ask = Queries(opened)
        for run in store.ids():
            evidence, known = store.load(run), ask.run(run)
            assert known is not None
            ours = matrix.build(known.plan, known.runs, (), known.seen_of)
            theirs = matrix.build(evidence.plan, evidence.runs, ())
            assert ours.plan == theirs.plan
            assert diff(theirs, ours).empty
            assert [replace(c, milliseconds=None) for c in theirs.cells()] == list(ours.cells())


def test_how_long_a_target_takes_is_told_by_the_newest_run_that_it_was_in(store: Store) -> None:
    def slow(run: Run, seconds: float) -> Run:
        boots = (replace(boot, ready=1.0, seconds=seconds) for boot in run.boots)
        return replace(run, boots=tuple(boots))

    first, second = runs()
    keep(store, plan(4), slow(first, 5.0), slow(second, 3.0))
    keep(store, plan(5), slow(first, 9.0))
    keep(store, plan(6, broken="lie"), slow(first, 77.0))
    caught_up(store)
    with index.opened(store) as opened:
        found = Queries(opened).durations()
    assert {target: took.of(len(ODD.claims)) for target, took in found.items()} == {
        "6.1/x86_64": 9.0,
        "6.12/parisc": 3.0,
    }


def test_what_is_known_is_not_read_again(store: Store) -> None:
    assert caught_up(store).read == store.ids()
    assert caught_up(store).read == ()
    keep(store, plan(4), *runs())
    assert caught_up(store).read == (plan(4).id,)


def test_a_run_that_is_resumed_is_read_again(store: Store) -> None:
    keep(store, plan(4), runs()[0])
    caught_up(store)
    with store.hold(plan(4).id):
        keep_run(store, plan(4).id, runs("6.12/parisc")[1])
        assert caught_up(store).read == (plan(4).id,)
        assert caught_up(store).read == (plan(4).id,)  # as long as somebody is at it
    assert caught_up(store).read == (plan(4).id,)
    assert caught_up(store).read == ()
    assert verdicts(store)["6.12/parisc"] == ["pass", "fail", "pass", "fail"]


def test_a_run_that_is_gone_is_forgotten_with_all_it_said(store: Store) -> None:
    caught_up(store)
    store.remove(plan(2).id)
    assert caught_up(store).gone == (plan(2).id,)
    assert verdicts(store)["6.12/parisc"] == ["pass", "pass"]
    with index.opened(store) as opened:
        (left,) = opened.connection.execute(
            "SELECT count(*) FROM outcome WHERE data LIKE '%expected 0%'"
        ).fetchone()
    assert left == 0


def test_made_anew_it_answers_the_same(store: Store) -> None:
    keep(store, plan(4, broken="lie"), *runs("6.1/x86_64"))
    for run in (plan(2), plan(4)):  # in another order, and one of them twice
        caught_up(store)
        (store.place(run.id) / "plan.json").touch()
        (store.place(run.id) / "aside").touch()
    caught_up(store)
    before = answers(store)
    with index.opened(store, anew=True) as opened:
        opened.catch_up(lambda _: None)
    assert answers(store) == before


def test_nights_that_agree_cost_a_row(store: Store) -> None:
    caught_up(store)
    with index.opened(store) as opened:
        (sheets,) = opened.connection.execute("SELECT count(*) FROM sheet").fetchone()
        (columns,) = opened.connection.execute("SELECT count(*) FROM booted").fetchone()
    assert (columns, sheets) == (6, 2)


def test_other_code_reads_all_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    caught_up(store)
    monkeypatch.setattr(index, "readers", lambda: "another parser")
    assert caught_up(store).read == store.ids()
    assert caught_up(store).read == ()


def test_the_digest_covers_all_that_reads_evidence() -> None:
    """Whatever the readers import of the results room is a reader as well."""
    package = Path(index.__file__).parents[2]
    listed = {f"orchestrator.{name.replace('/', '.')}" for name in index.READERS}
    for name in index.READERS:
        for path in package.glob(f"{name}.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module == "orchestrator.results":
                    found = {f"orchestrator.results.{alias.name}" for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found = {node.module}
                else:
                    continue
                ours = {n for n in found if n.startswith("orchestrator.results.")}
                passing = {"orchestrator.results.hold", "orchestrator.results.index"}
                assert ours - passing - listed - {"orchestrator.results.index.schema"} == set()


def test_an_option_is_told_as_it_was_whatever_stands_in_the_values_of_others(
    tmp_path: Path,
) -> None:
    odd = {"A": r"\"Z\": \"x\".", "B": "\\", "LOCALVERSION": "-ß", "Z": "m", "AZ": "n"}
    text = "".join(f'CONFIG_{option}="{value}"\n' for option, value in odd.items())
    made = Store(tmp_path / "runs")
    keep(made, plan(1))
    for run in runs():
        keep_run(made, plan(1).id, run, text.encode())
    caught_up(made)
    with index.opened(made) as opened:
        (config, *_) = [word.column.config for word in Queries(opened).newest()]
        assert [config.get(option) for option in (*odd, "", "LOCAL")] == [*odd.values(), None, None]
        assert (dict(config), len(config)) == (odd, len(odd))
        known = Queries(opened).run(plan(1).id)
    assert known is not None
    assert all(run.config == odd for run in known.runs.values())  # with the index closed


def test_rules_of_today_speak_about_old_runs(store: Store) -> None:
    caught_up(store)
    rules = (Rule(("odd.one",), Verdict.FAIL, "bug 1", arches=("parisc",)),)
    with index.opened(store) as opened:
        found = history(ODD.claims[0], Queries(opened).history("odd.one", "parisc"), rules)
    assert [entry.cell.surprise for entry in found.lines[0].entries] == [True, False, True]


def test_damaged_evidence_is_told_and_stands_in_nobodys_way(store: Store) -> None:
    (store.place(plan(2).id) / "6.12" / "parisc" / "run.json").write_text("{")
    (reason,) = caught_up(store).damaged.values()
    assert "run.json is damaged" in reason
    assert caught_up(store).damaged  # and told again
    assert verdicts(store)["6.12/parisc"] == ["pass", "pass"]


def test_lies_are_not_history(store: Store) -> None:
    keep(store, plan(4, broken="lie"), *runs("6.12/parisc"))
    caught_up(store)
    assert verdicts(store)["6.12/parisc"] == ["pass", "fail", "pass"]


def test_a_newer_lab_made_it(store: Store) -> None:
    with sqlite3.connect(store.root / index.NAME) as connection:
        connection.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS) + 1}")
    with pytest.raises(InfraError, match="newer lab"):
        caught_up(store)


def test_a_file_that_is_no_index_is_said_with_what_mends_it(store: Store) -> None:
    (store.root / index.NAME).write_text("this is no database, whatever it may be called" * 99)
    with pytest.raises(InfraError, match="lab index --rebuild"):
        caught_up(store)
    with index.opened(store, anew=True) as opened:
        assert opened.catch_up(lambda _: None).read == store.ids()


# ---- what was run with the same things


def night(store: Store, day: int, inputs: dict[str, str], *, boots: bool = True) -> None:
    made = [replace(run, inputs=inputs) for run in runs()[:1]]
    keep(store, plan(day), *(run if boots else replace(run, boots=()) for run in made))


def measured(store: Store, *inputs: str) -> list[tuple[str, str, list[str]]]:
    """By run and target, what was seen."""
    caught_up(store)
    with index.opened(store) as opened:
        found = Queries(opened).measured(inputs)
    return [(one.plan.id[6:8], one.run.target, sorted(one.seen)) for one in found]


def test_who_was_run_with_a_thing_is_told_the_newest_first(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    both = ["odd.one", "odd.two"]
    night(store, 1, {"odd": "a", "even": "b"})
    night(store, 2, {"odd": "a", "even": "c"})
    night(store, 3, {"odd": "x", "even": "y"})
    found = measured(store, "a", "z")
    assert found == [("02", "6.1/x86_64", both), ("01", "6.1/x86_64", both)]
    assert measured(store, "z") == []


def test_of_those_that_are_alike_the_newest_that_saw_anything_speaks(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    for day in (1, 2):
        night(store, day, {"odd": "a"})
    night(store, 3, {"odd": "a"}, boots=False)
    assert [day for day, *_ in measured(store, "a")] == ["02"]


def test_what_is_measured_is_as_its_evidence_has_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    night(store, 1, {"odd": "a"})
    caught_up(store)
    with index.opened(store) as opened:
        (found,) = Queries(opened).measured(["a"])
    evidence = store.load(found.plan.id)
    assert found.plan == evidence.plan
    assert (found.run.inputs, found.run.release) == (
        evidence.runs["6.1/x86_64"].inputs,
        evidence.runs["6.1/x86_64"].release,
    )
    assert [boot.ending for boot in found.run.boots] == [Ending.DONE]


def test_inputs_that_nobody_has_any_more_are_forgotten(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    night(store, 1, {"odd": "a"})
    assert measured(store, "a")
    store.remove(plan(1).id)
    assert measured(store, "a") == []
    with index.opened(store) as opened:
        assert opened.connection.execute("SELECT count(*) FROM input").fetchone() == (0,)


def test_a_run_that_is_added_to_is_not_current(store: Store) -> None:
    caught_up(store)
    name = store.ids()[0]
    with index.opened(store) as opened:
        assert opened.is_current(name)
        assert not opened.is_current("never")
        (store.place(name) / "6.7").mkdir()
        assert not opened.is_current(name)
