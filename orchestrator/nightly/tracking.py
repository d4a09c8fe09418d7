"""From what moving sources offer now to kernels of exact versions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from debian.debian_support import Version

from orchestrator.kernels import candidates
from orchestrator.kernels.archive import Package
from orchestrator.kernels.offers import Offer, offers
from orchestrator.model import (
    Arch,
    DebianSource,
    DebianTrack,
    GitTrack,
    Release,
    Tracked,
)

Listings = Mapping[str, Sequence[Package]]  # what each suite has


def packaged(track: DebianTrack, listings: Listings, arches: Sequence[Arch]) -> tuple[Tracked, ...]:
    """The newest kernels that the track's suites offer, oldest first.

    Of each arch the newest ``keep`` are taken: one arch's builds may be behind another's.
    """
    theirs = {suite: listings.get(suite, ()) for suite in track.suites}
    on: dict[str, list[str]] = {}  # arches, by version
    for arch in arches:
        if track.arches and arch.name not in track.arches:
            continue
        fits = [one for one in offers(theirs, arch, lambda *_: False) if _fits(one, track, arch)]
        for offer in fits[: track.keep]:
            on.setdefault(offer.version, []).append(arch.name)
    return tuple(_package(track, version, on[version]) for version in sorted(on, key=Version))


def _fits(offer: Offer, track: DebianTrack, arch: Arch) -> bool:
    # "": built here, of its source
    flavours = (track.flavour,) if track.flavour else arch.flavours or ("",)
    return (
        any(build.flavour in flavours for build in offer.builds)
        and (track.version is None or candidates.wanted(track.version)(offer.version))
        and (track.until is None or Release.parse(offer.version) < track.until)
    )


def _package(track: DebianTrack, version: str, arches: Sequence[str]) -> Tracked:
    source = DebianSource(track.suites, version, track.flavour)
    return Tracked(track.name, version, tuple(arches), source)


def tips(
    track: GitTrack, tip: str, before: Sequence[Tracked], arches: Sequence[Arch]
) -> tuple[Tracked, ...]:
    """The branch's tip, a commit's whole id, after those that it had ``before``; oldest first.

    As many as the track keeps. One that was the tip before and is so again counts once.
    """
    known = [one.version for one in before if one.track == track.name and one.version != tip]
    on = tuple(a.name for a in arches if not track.arches or a.name in track.arches)
    kept = [*known, tip][-track.keep :]
    return tuple(Tracked(track.name, commit, on, track.source(commit)) for commit in kept)


def predecessors(new: Sequence[Tracked], old: Sequence[Tracked]) -> dict[str, str]:
    """For each target that is new, the old target of its track that it comes after."""
    found = {}
    for one in new:
        for arch in one.arches:
            earlier = [was for was in old if arch in was.arches and _precedes(was, one)]
            if earlier and one.name not in {was.name for was in old if arch in was.arches}:
                found[f"{one.name}/{arch}"] = f"{earlier[-1].name}/{arch}"
    return found


def _precedes(was: Tracked, one: Tracked) -> bool:
    """Whether it is an earlier kernel of the same track. The order of commits is that of nights."""
    if was.track != one.track:
        return False
    packages = isinstance(was.source, DebianSource) and isinstance(one.source, DebianSource)
    return not packages or Version(was.version) < Version(one.version)
