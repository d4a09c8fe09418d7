"""The main job, on real kernels of all three architectures: exact verdicts known to differ."""

from __future__ import annotations

import pytest

from orchestrator.tests.guest.conftest import PARISC, Lab, Seen

TARGETS = (PARISC, "6.12/arm64", "6.12/x86_64", "7.2/x86_64")


@pytest.fixture(scope="module")
def seen(lab: Lab) -> dict[str, Seen]:
    """Every suite on each of the targets; by target."""
    found = {}
    for target in TARGETS:
        kernel, arch = target.split("/")
        found[target] = lab.run("--kernel", kernel, "--arch", arch)
    return found


@pytest.mark.parametrize("target", TARGETS)
def test_everything_planned_is_answered_and_as_wanted(seen: dict[str, Seen], target: str) -> None:
    cells = seen[target].cells()
    assert len(cells) >= 60
    assert [cell["claim"] for cell in cells if cell["got"] == "missing"] == []
    assert [cell for cell in cells if cell["surprise"]] == []
    assert seen[target].code == 0


@pytest.mark.parametrize(
    ("claim", "verdicts"),
    [
        ("wipeonfork.child-reads-zero", ("pass", "pass", "pass", "pass")),
        ("dontfork.child-segv", ("pass", "pass", "pass", "pass")),
        ("abi.madv-wipeonfork-is-18", ("pass", "pass", "pass", "pass")),
        # madvise(2) of parisc still takes the numbers it had before 6.2; nobody else does.
        ("abi.old-parisc-71-is-wipeonfork", ("pass", "absent", "absent", "absent")),
        # Guard regions came with 6.13, and no stable series took them.
        ("abi.madv-guard-install-is-102", ("pass", "absent", "absent", "pass")),
    ],
)
def test_verdicts_that_are_known_to_differ(
    seen: dict[str, Seen], claim: str, verdicts: tuple[str, ...]
) -> None:
    assert tuple(seen[target].verdict(claim, target) for target in TARGETS) == verdicts
