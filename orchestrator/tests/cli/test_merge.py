"""lab run --shard, lab merge: the shards' matrix is the single run's, and never a smaller one."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from orchestrator import schedule
from orchestrator.model import Run, Target, Verdict
from orchestrator.preparing import Work
from orchestrator.tests.cli.lab import SUITES, Answer, Lab, keep_run
from orchestrator.tests.matrices import observed

FAIL = (Verdict.FAIL, "wipe.c:10")
SEEN = {
    "5.10/x86_64": {"wipe.keep": FAIL},
    "6.12/parisc": {"wipe.zero": FAIL, "fork.copy": (Verdict.PANIC, "")},
}


def run_all(targets: Sequence[Target], guests: int, work: Work, **_: object) -> list[Run]:
    for target in targets:
        seen = SEEN.get(str(target), {})
        run = observed(target.kernel.name, target.arch.name, SUITES[:2], seen)
        keep_run(work.store, work.plan_id, run)
    return []


@pytest.fixture(autouse=True)
def guests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "run_all", run_all)


def shards(lab: Lab, of: int, *words: str) -> list[str]:
    """Run all shards; their directories."""
    before = set(lab.store.ids())
    for number in range(1, of + 1):
        lab("run", "--shard", f"{number}/{of}", *words)
    return [str(lab.store.place(run)) for run in lab.store.ids() if run not in before]


def cells(answer: Answer) -> list[Any]:
    return list(answer.json["cells"])


@pytest.mark.parametrize("of", [1, 2, 3, 4])
def test_the_merge_is_the_single_run_cell_by_cell(lab: Lab, of: int) -> None:
    single = lab("run", "--json")
    merged = lab("merge", "--json", *shards(lab, of))
    assert cells(merged) == cells(single)
    assert merged.json["columns"] == single.json["columns"]
    assert merged.json["counts"] == single.json["counts"]
    assert merged.code == single.code == 1


def test_its_evidence_is_the_shards_and_where_it_is_from_is_recorded(lab: Lab) -> None:
    places = shards(lab, 2)
    merged = lab("merge", *places, "--json").json["run"]["id"]
    plan = lab.store.plan(merged)
    assert [(origin.run, origin.shard) for origin in plan.merged] == [
        (Path(place).name, f"{number}/2") for number, place in enumerate(places, 1)
    ]
    assert plan.shard is None
    for place in places:
        for file in Path(place).glob("*/*/**/*.*"):
            twin = lab.store.place(merged) / file.relative_to(place)
            assert twin.samefile(file)


def test_shards_of_other_machines_are_named_by_their_directories(lab: Lab, tmp_path: Path) -> None:
    elsewhere = tmp_path / "artefacts"
    for place in shards(lab, 2):
        shutil.move(place, elsewhere / Path(place).name)
    lab("index")
    merged = lab("merge", "--json", *map(str, elsewhere.iterdir()))
    assert merged.json["counts"]["planned"] == merged.json["counts"]["reported"] == 4 * 3
    assert lab.store.ids() == (merged.json["run"]["id"],)


def test_a_shard_that_is_not_there_is_missing_cells(lab: Lab) -> None:
    first, second, third = shards(lab, 3)
    merged = lab("merge", "--json", first, second)
    assert len(cells(merged)) == 4 * 3
    missing = [cell for cell in cells(merged) if cell["got"] == "missing"]
    lost = lab.store.plan(Path(third).name).targets
    assert {cell["target"] for cell in missing} == {"/".join(target) for target in lost}
    assert {cell["infra"] for cell in missing} == {True}
    assert {cell["note"] for cell in missing} == {
        "it is in shard 3/3, of which there was no evidence to merge"
    }
    assert merged.code in (1, 3)
    assert "lab run --resume" in merged.err


def test_of_several_that_are_not_there_all_are_named(lab: Lab) -> None:
    first, *_ = shards(lab, 3)
    said = lab("merge", first).out
    assert "one of the shards 2/3, 3/3, of which there was no evidence to merge" in said


def test_a_target_that_its_shard_never_reached_is_missing(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = shards(lab, 2)
    gone = next(path.parent for path in Path(second).glob("*/*/run.json"))
    shutil.rmtree(gone)
    merged = lab("merge", "--json", first, second)
    missing = {cell["target"] for cell in cells(merged) if cell["got"] == "missing"}
    assert "/".join(gone.parts[-2:]) in missing
    assert len(cells(merged)) == 4 * 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--kernel 6.12", "targets without 5.10/parisc, 5.10/x86_64"),
        ("--suite wipe", "claims without fork.copy"),
        ("--suite *", "claims with selfcheck.fails"),
        ("--retries 3", "retries was 3, not 1"),
        ("--times 3", "times that a claim is tried was 3, not 1"),
        (
            "--broken lie --suite * --claim wipe.* --claim fork.*",
            "variant of the suites was lie, not none",
        ),
    ],
)
def test_shards_of_different_plans_are_refused_with_the_difference(
    lab: Lab, words: str, said: str
) -> None:
    first, second = shards(lab, 2)[0], shards(lab, 2, *words.split())[1]
    answer = lab("merge", first, second)
    assert answer.code == 2
    assert f"shard 2/2 ({Path(second).name}) is of another plan than shard 1/2" in answer.err
    assert said in answer.err
    assert len(lab.store.ids()) == 4


def test_shards_of_other_suites_or_numbers_are_refused(lab: Lab) -> None:
    first, second = shards(lab, 2)
    lab.write("guest-tests/wipe/new.c", "/* */\n")
    assert "guest-tests/ was " in lab("merge", first, shards(lab, 2)[1]).err
    assert "the number of shards was 2, not 3" in lab("merge", second, shards(lab, 3)[0]).err


def test_a_shard_twice_is_refused_with_both_places(lab: Lab) -> None:
    first, _ = shards(lab, 2)
    again = shards(lab, 2)[0]
    answer = lab("merge", first, again)
    assert answer.code == 2
    assert f"shard 1/2 is there 2 times: {first}, {again}; name one of them" in answer.err


def test_a_target_with_two_verdicts_is_refused(lab: Lab) -> None:
    first = shards(lab, 2)[0]
    lab("run")  # from now on shards are cut by its durations
    slow = next(lab.store.place(lab.store.ids()[-1]).glob("5.10/x86_64/boot1/boot.json"))
    slow.write_text(slow.read_text().replace('"seconds": 31.5', '"seconds": 3150'))
    answer = lab("merge", first, shards(lab, 2)[1])
    assert answer.code == 2
    assert "is in shards 1/2 and 2/2: they were cut by the durations of different" in answer.err


def test_what_is_no_shard_is_refused(lab: Lab) -> None:
    lab("run")
    answer = lab("merge", "latest")
    assert answer.code == 2
    assert "is no shard: it was not run with --shard" in answer.err
    assert "there is no run 'nowhere'" in lab("merge", "nowhere").err


def test_a_shard_that_still_runs_is_refused(lab: Lab) -> None:
    first, second = shards(lab, 2)
    with lab.store.hold(Path(second).name):
        answer = lab("merge", first, second)
    assert answer.code == 2
    assert f"{second} is still being run" in answer.err


def test_evidence_that_points_elsewhere_is_not_taken(lab: Lab) -> None:
    first, second = shards(lab, 2)
    boot = next(Path(second).glob("*/*/boot1"))
    (boot / "fork.ktap").unlink()
    (boot / "fork.ktap").symlink_to("/etc/passwd")
    answer = lab("merge", first, second)
    assert answer.code == 2
    assert "evidence has no links" in answer.err


# ---- what a shard is


def test_a_shard_runs_and_shows_its_own_targets(lab: Lab) -> None:
    said = [lab("run", "--shard", f"{number}/2", "--json").json for number in (1, 2)]
    ours = [{column["target"] for column in one["columns"]} for one in said]
    assert ours[0] | ours[1] == {f"{k}/{a}" for k in ("5.10", "6.12") for a in ("x86_64", "parisc")}
    assert not ours[0] & ours[1]


def test_a_shard_of_nothing_has_nothing_against_it(lab: Lab) -> None:
    answer = lab("run", "--shard", "5/5")
    assert answer.code == 0
    assert len(shards(lab, 5)) == 5
    assert lab("merge", *(str(lab.store.place(run)) for run in lab.store.ids()[-5:])).code == 1


def test_a_dry_run_tells_the_shards_targets(lab: Lab) -> None:
    said = lab("run", "--shard", "1/4", "--dry-run").out
    assert said.startswith("1 targets x 3 claims = 3 cells")


@pytest.mark.parametrize("words", ["--shard 3/2", "--resume --shard 1/2"])
def test_what_is_no_choice_is_refused(lab: Lab, words: str) -> None:
    assert lab("run", *words.split()).code == 2
