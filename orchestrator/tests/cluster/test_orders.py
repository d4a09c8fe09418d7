"""An order says all that matters, the same way each time, and its key is that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from orchestrator.cluster import orders
from orchestrator.cluster.orders import ORDER, TASK, Order, task
from orchestrator.model import Start
from orchestrator.preparing import Work, record
from orchestrator.tests.cluster.conftest import PLAN, RULES, SUITES, TARGETS, Lab


def ordered(lab: Lab, work: Work | None = None) -> Order:
    work = work or lab.work()
    artefacts = lab.artefacts
    return orders.order(lab.parts(TARGETS[0]), work, task(work, artefacts), artefacts)


def test_the_same_work_has_the_same_key_with_the_targets_name(lab: Lab) -> None:
    assert ordered(lab).key == ordered(lab).key
    assert ordered(lab).key.startswith("6.0/x86_64-")


@pytest.mark.parametrize(
    "change",
    [
        {"chosen": frozenset({"a.one"})},
        {"claim_seconds": 3},
        {"rules": ()},
        {"retries": 5},
        {"times": 5},
        {"broken": "lie"},
        {"boot": Start.AUTO},
        {"plan_id": "another"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_other_work_has_another_key(lab: Lab, change: dict[str, Any]) -> None:
    work = lab.work()
    assert ordered(lab, replace(work, **change)).key != ordered(lab, work).key


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: replace(parts, qemu="11.0"),
        lambda parts: replace(parts, kernel=replace(parts.kernel, hashes={"image": "other"})),
    ],
)
def test_other_parts_have_another_key(lab: Lab, change: Callable[[Any], Any]) -> None:
    work, artefacts = lab.work(), lab.artefacts
    shared, parts = task(work, artefacts), lab.parts(TARGETS[0])
    keys = {orders.order(p, work, shared, artefacts).key for p in (parts, change(parts))}
    assert len(keys) == 2


def test_evidence_that_is_there_goes_along(lab: Lab) -> None:
    before = ordered(lab)
    assert before.earlier == ""
    lab.store.open(PLAN.id, record(lab.parts(TARGETS[0])), b"")
    after = ordered(lab)
    assert after.earlier
    assert lab.artefacts.get(after.earlier)
    assert after.key != before.key


def test_it_is_plain_data(lab: Lab) -> None:
    made = ordered(lab)
    assert ORDER.validate_json(ORDER.dump_json(made)) == made
    shared = TASK.validate_json(lab.artefacts.get(made.task))
    assert (shared.suites, shared.rules) == (SUITES, RULES)


def test_it_does_not_carry_what_all_targets_share(lab: Lab) -> None:
    text = ORDER.dump_json(ordered(lab)).decode()
    assert SUITES[0].claims[0].text not in text
    assert len(text) < 4096


def test_no_key_of_the_labs_travels(lab: Lab) -> None:
    made = ordered(lab)
    assert orders.OWN not in made.hashes
    sent = {path.parent.name for path in (lab.root / "artefacts").rglob("*.tar.zst")}
    assert sent == {"kernels", "userland", "suites", "wake"}


def test_the_labs_own_code_is_told(lab: Lab) -> None:
    assert ordered(lab).code == orders.code()
    assert len(orders.code()) == 16
