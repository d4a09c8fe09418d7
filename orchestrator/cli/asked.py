"""What the verbs of a bisect are asked: a claim, an arch, and the direction."""

from __future__ import annotations

from orchestrator.arches import ARCHES
from orchestrator.bisect.question import FIX, REGRESSION, REMOVAL, SUPPORT, Question
from orchestrator.cli.workspace import Workspace
from orchestrator.errors import ConfigError
from orchestrator.model import Arch
from orchestrator.yamlfile import meant


def known_claim(space: Workspace, name: str) -> str:
    """The claim of that name. Raises ConfigError when there is none."""
    known = space.catalogue.claims()
    if name not in known:
        raise ConfigError(f"there is no claim {name!r}{meant(name, known)}")
    return name


def known_arch(name: str) -> Arch:
    """The arch of that name. Raises ConfigError when there is none."""
    if name not in ARCHES:
        raise ConfigError(f"there is no arch {name!r}{meant(name, ARCHES)}")
    return ARCHES[name]


def question(*, find_fix: bool, first_support: bool, find_removal: bool = False) -> Question:
    """What is looked for. Raises ConfigError when that is two things at once."""
    directions = {
        "--find-fix": (find_fix, FIX),
        "--first-support": (first_support, SUPPORT),
        "--find-removal": (find_removal, REMOVAL),
    }
    asked = {name: question for name, (is_asked, question) in directions.items() if is_asked}
    if len(asked) > 1:
        raise ConfigError(f"{' and '.join(asked)} are {len(asked)} questions: ask one of them")
    return next(iter(asked.values()), REGRESSION)
