"""The demonstration's history, on a tree of a few lines: every trap lies in git's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator import bisectdemo, command
from orchestrator.bisect import commits
from orchestrator.bisect.drive import Watch
from orchestrator.bisect.flakes import Tally
from orchestrator.bisect.git import Range, Steps, commit_id
from orchestrator.bisect.search import Found, Terms
from orchestrator.bisect.sightings import Knowledge, Sighting
from orchestrator.bisectdemo import CULPRIT, FIRST, LAST, SERIES
from orchestrator.errors import InfraError
from orchestrator.stop import Stop

TEXTS = {
    "mm/mmap.c": (
        "\tVM_BUG_ON(ret);\n#ifdef CONFIG_SYSCTL\n"
        "\t\tif (vma_test(tmp, VMA_WIPEONFORK_BIT)) {\n"
        "\t\tif (!vma_test(tmp, VMA_WIPEONFORK_BIT))\n"
    ),
    "kernel/panic.c": 'pr_emerg("Rebooting in %d seconds..\\n");\n',
}
WATCHED = ("mm/mmap.c", "mm/mlock.c", "kernel/panic.c")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("linux")
    for edit in SERIES:
        (place / edit.path).parent.mkdir(parents=True, exist_ok=True)
        (place / edit.path).write_text(TEXTS.get(edit.path, "\n"))
    bisectdemo.commit(place, SERIES)
    return place


class Lab:
    """Builds and boots by looking at the text."""

    def __init__(self, tree: Path) -> None:
        self._tree = tree
        self.seen: list[Sighting] = []

    def __call__(self, point: str, tries: int, known: Knowledge) -> Sighting:
        source = "".join(self._file(point, path) for path in WATCHED)
        artefact = "\n".join(line for line in source.splitlines() if line and "/*" not in line)
        if "mlock_limit_of" in source:
            return Sighting(point, trouble="it could not be made")
        if known.has(artefact) and not known.artefact(point):
            return Sighting(point, artefact)
        if "BUG_ON(!ret)" in source:
            return Sighting(point, artefact, trouble="it does not boot")
        new = tries if "!vma_test(mpnt" in source else tries // 5 * ("below(5)" in source)
        return Sighting(point, artefact, Tally(tries - new, new), booted=True)

    def _file(self, point: str, path: str) -> str:
        said = command.run(["git", "-C", self._tree, "show", f"{point}:{path}"])
        return said.decode()


def test_the_culprit_is_found_among_all_traps(tree: Path, tmp_path: Path) -> None:
    between = Range(commit_id(tree, FIRST), commit_id(tree, LAST), ("good", "bad"))
    steps, lab = Steps(tree, between, tmp_path / "git"), Lab(tree)
    found = commits.bisect(steps, (), Terms(), lab, Watch(lab.seen.append, Stop()))
    assert isinstance(found, Found)
    assert [steps.title(suspect) for suspect in found.suspects] == [CULPRIT]
    looks = [
        {
            "trouble": s.trouble,
            "artefact": s.artefact,
            "old": s.tally.old,
            "new": s.tally.new,
        }
        for s in lab.seen
    ]
    met = dict(bisectdemo.traps({"levels": [{"looks": looks}]}))
    assert all(met.values()), met
    assert "git bisect bad" in steps.log()
    assert CULPRIT in steps.message(found.suspects[0])


def test_the_history_is_long_enough() -> None:
    assert len(SERIES) >= 24


def test_an_edit_that_fits_nowhere_is_told(tree: Path) -> None:
    with pytest.raises(InfraError, match="was made for another tree"):
        bisectdemo.apply(tree, bisectdemo.Edit("t", "mm/mlock.c", "nowhere", ""))
