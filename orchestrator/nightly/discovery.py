"""Asking moving sources where they are now: Debian's archive, and git."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestrator.cache import Cache
from orchestrator.errors import InfraError, LabError
from orchestrator.kernels import git, mirror
from orchestrator.kernels.available import listings
from orchestrator.kernels.progress import Say
from orchestrator.model import Arch, DebianTrack, GitTrack, Track, Tracked
from orchestrator.nightly import tracking


@dataclass(frozen=True)
class Discovery:
    """Where the tracks lead, and a sentence about each thing that could not be asked."""

    tracked: tuple[Tracked, ...]
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asker:
    """Who asks, and what is known beside the answers."""

    arches: Sequence[Arch]  # the lab's
    before: Sequence[Tracked]  # where the tracks led the last time
    cache: Cache
    say: Say


def discover(tracks: Sequence[Track], asker: Asker) -> Discovery:
    """What the tracks lead to now, in their order.

    One that cannot be asked leads to where it did before: no column goes because the network
    does, or because what comes is not Debian's.
    """
    lists, troubles = _lists(tracks, asker)
    tracked: list[Tracked] = []
    for track in tracks:
        try:
            tracked += _led(track, lists, asker)
        except LabError as error:
            troubles.append(f"track {track.name} is as it was: {_cause(error)}")
            tracked += [one for one in asker.before if one.track == track.name]
    return Discovery(tuple(tracked), tuple(troubles))


def _lists(tracks: Sequence[Track], asker: Asker) -> tuple[tracking.Listings, list[str]]:
    suites = [s for track in tracks if isinstance(track, DebianTrack) for s in track.suites]
    try:
        once = list(dict.fromkeys(suites))
        return listings(once, asker.arches, asker.cache, asker.say, refresh=True)
    except InfraError as error:
        return {}, [error.cause]


def _cause(error: LabError) -> str:
    return error.cause if isinstance(error, InfraError) else str(error)


def _led(track: Track, lists: tracking.Listings, asker: Asker) -> tuple[Tracked, ...]:
    """Raises LabError when it cannot be told."""
    if isinstance(track, GitTrack):
        return tracking.tips(track, _tip(track, asker), asker.before, asker.arches)
    found = tracking.packaged(track, lists, asker.arches)
    if not found:
        raise InfraError(f"there is no kernel for it in {', '.join(track.suites)}")
    return found


def _tip(track: GitTrack, asker: Asker) -> str:
    """The id of the commit that the branch is at. Raises LabError."""
    if not track.source("").is_remote:
        directory = git.directory_of(Path(track.repo))
        return git.committed(directory, track.branch, track.repo).commit
    directory, ref, stale = mirror.fetched(
        track.repo, track.branch, asker.cache, asker.say, refresh=True
    )
    if stale:
        raise InfraError(stale)
    return git.committed(directory, ref, track.repo).commit
