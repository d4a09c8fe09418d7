"""The campaign as a whole: all groups, in their order, and what they come to. No lab is run."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

import orchestrator.faults.__main__ as campaign
from orchestrator.cli import exits
from orchestrator.faults.outcome import Outcome
from orchestrator.faults.place import Place

RIGHT = Outcome("a fault", "6.12/x86_64", "infra", "infra")


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> dict[str, campaign.Faults]:
    """What the groups are; two that each end when the other has begun."""
    meeting = threading.Barrier(2, timeout=10)

    def meets(place: Place) -> Iterator[Outcome]:
        meeting.wait()
        yield replace(RIGHT, fault=place.root.name)
        yield RIGHT

    made: dict[str, campaign.Faults] = {"guest/a": meets, "store": meets}
    monkeypatch.setattr(campaign, "_groups", lambda kernel, moments: made)
    return made


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        campaign.main(words)
    return int(str(ended.value))


def rows(capsys: pytest.CaptureFixture[str]) -> list[Mapping[str, object]]:
    return list(json.loads(capsys.readouterr().out))


def test_groups_are_tried_side_by_side_each_in_a_place_of_its_own(
    groups: dict[str, campaign.Faults], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--json") == exits.OK
    faults = [row["fault"] for row in rows(capsys)]
    assert len(faults) == 4
    assert len(set(faults)) == 3


def test_every_campaign_is_told(
    groups: dict[str, campaign.Faults], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--json", "--times", "3") == exits.OK
    assert [row["campaign"] for row in rows(capsys)] == [1] * 4 + [2] * 4 + [3] * 4


@pytest.mark.parametrize(
    "wrong",
    [replace(RIGHT, reported="fail"), replace(RIGHT, lost=1), replace(RIGHT, orphans=1)],
    ids=["blamed wrongly", "lost a cell", "left a QEMU"],
)
def test_one_wrong_row_is_enough(
    wrong: Outcome, groups: dict[str, campaign.Faults], capsys: pytest.CaptureFixture[str]
) -> None:
    groups["store"] = lambda place: iter([RIGHT, wrong])
    groups["guest/a"] = lambda place: iter([RIGHT])
    assert run() == exits.SURPRISE
    assert "3 faults, 1 not as they should be" in capsys.readouterr().out


def test_a_campaign_of_nothing_proves_nothing(groups: dict[str, campaign.Faults]) -> None:
    assert run("--only", "no-such-group") == exits.SURPRISE
