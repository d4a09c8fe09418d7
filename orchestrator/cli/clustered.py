"""lab run --cluster: the places for guests that a run was asked to use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from rich.console import Console

from orchestrator.cli.workspace import Workspace
from orchestrator.cluster import address
from orchestrator.errors import ConfigError
from orchestrator.preparing import Work
from orchestrator.schedule import Places

HERE = "here"  # on the command line, in spite of lab.yaml


def where(space: Workspace, asked: str) -> str:
    """The cluster that is meant, or "": the command line's word, then lab.yaml's.

    Raises ConfigError when it is none, or what it takes is not installed.
    """
    at = asked or (space.lab.cluster.at if space.lab.cluster else HERE)
    if at == HERE:
        return ""
    address.check(at)
    check_installed()
    return at


def check_installed() -> None:
    """Raises ConfigError when this lab was installed for one machine alone."""
    if find_spec("distributed") is None:
        raise ConfigError("a cluster takes more packages: pip install 'kernel-lab[cluster]'")


@contextmanager
def places(space: Workspace, at: str, jobs: int, work: Work) -> Iterator[int | Places]:
    """So many guests on this machine, or the places of the cluster. Raises InfraError."""
    if not at:
        yield jobs
        return
    from orchestrator.cluster.opening import opened  # noqa: PLC0415 - need not be installed

    given = space.lab.cluster.artefacts if space.lab.cluster else ""
    url = given or (space.cache.root / "artefacts").absolute().as_uri()
    with opened(at, url, work) as (cluster, page):
        Console(stderr=True).print(f"cluster: {page}", highlight=False, soft_wrap=True)
        yield cluster
