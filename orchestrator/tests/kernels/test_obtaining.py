"""Which kernel is taken, when it is looked up again, and what is said when there is none."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path
from typing import ClassVar

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels import Foresight, files, obtain, obtain_source, obtaining
from orchestrator.kernels.apt import AwayError, GoneError, UntrustedError
from orchestrator.kernels.archive import Package, parse
from orchestrator.kernels.candidates import Candidate
from orchestrator.kernels.debian import Packaged
from orchestrator.kernels.files import KernelFiles
from orchestrator.kernels.source import Built
from orchestrator.kernels.tarball import Tarballs
from orchestrator.model import DebianSource, Kernel, Patch

DATA = Path(__file__).parents[1] / "testdata" / "kernels"
SIGNED = "linux-image-5.10.0-46-cloud-arm64"


class World:
    """What the archive is like just now, and how often it was asked."""

    gone: ClassVar[set[str]] = set()  # names of packages that answer 404
    unreachable = ""
    untrusted = False
    updates = 0
    made: ClassVar[list[str]] = []
    lists: ClassVar[list[list[str]]] = []  # of which arches were looked into


class Suite:
    """Stands in for a suite of the archive."""

    def __init__(self, suite: str, root: Path, arches: list[str]) -> None:
        self.suite = suite
        World.lists.append(arches)

    def refresh(self, since: float, say: object) -> str:
        World.updates += 1
        if World.untrusted:
            raise UntrustedError("suite has a bad signature")
        return World.unreachable

    def age(self) -> float:
        return 3 * 24 * 3600.0 if World.unreachable else 60.0

    def packages(self) -> list[Package]:
        path = DATA / f"{self.suite}.packages"
        return parse(path.read_text()) if path.exists() else []


def produce(
    self: Packaged, candidate: Candidate, archive: Suite, directory: Path, say: object
) -> None:
    name = candidate.packages[0].name
    if name in World.gone:
        raise GoneError(f"{name} is listed")
    World.made.append(name)
    (directory / "Image").write_text(name)
    (directory / "config").write_text("CONFIG_KSM=y\n")
    files.write(directory, version=candidate.version, origin=name, image="Image", hashes={})


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestrator.kernels.obtaining.Archive", Suite)
    monkeypatch.setattr(Packaged, "produce", produce)
    for name, value in {"gone": set(), "unreachable": "", "untrusted": False}.items():
        monkeypatch.setattr(World, name, value)
    monkeypatch.setattr(World, "updates", 0)
    monkeypatch.setattr(World, "made", [])
    monkeypatch.setattr(World, "lists", [])


def get(tmp_path: Path, version: str = "5.10", *, refresh: bool = False) -> KernelFiles:
    suites = ("bullseye-security", "bullseye")
    kernel = Kernel("old", 0, DebianSource(suites, version))
    return obtain(kernel, ARCHES["arm64"], Cache(tmp_path), lambda words: None, refresh=refresh)


def grow_old(tmp_path: Path) -> None:
    """Let two days go by for what was found."""
    (place,) = (tmp_path / "found").iterdir()
    record = json.loads(place.read_text())
    place.write_text(json.dumps({**record, "at": time.time() - 2 * 24 * 3600}))


@pytest.mark.parametrize(
    ("arch", "source", "way"),
    [
        ("arm64", DebianSource(("sid",), "7.3"), Packaged),
        ("arm64", DebianSource(("sid",), "7.3", build=True), Built),
        ("arm64", DebianSource(("sid",), "7.3", patches=(Patch(Path("a.patch")),)), Built),
        ("parisc", DebianSource(("sid",), "7.3"), Built),
    ],
)
def test_a_kernel_is_built_where_there_is_none_and_where_asked(
    tmp_path: Path, arch: str, source: DebianSource, way: type
) -> None:
    found = obtaining._way(source, ARCHES[arch], Cache(tmp_path))
    assert isinstance(found, way)
    if isinstance(found, Built):
        assert found.patches == source.patches


def test_what_is_remembered_of_a_package_is_not_taken_for_a_build(tmp_path: Path) -> None:
    sources = [
        DebianSource(("sid",), "7.3"),
        DebianSource(("sid",), "7.3", build=True),
        DebianSource(("sid",), "7.3", flavour="rt-arm64"),
        DebianSource(("sid", "trixie"), "7.3"),
        DebianSource(("sid",), "7.2"),
    ]
    places = {obtaining._memory(Cache(tmp_path), one, "arm64") for one in sources}
    assert len(places) == len(sources)


def test_the_newest_signed_kernel_is_taken(tmp_path: Path) -> None:
    kernel = get(tmp_path)
    assert (kernel.origin, kernel.version, kernel.notes) == (SIGNED, "5.10.262-1", ())


def test_what_was_found_is_remembered(tmp_path: Path) -> None:
    assert get(tmp_path) == get(tmp_path)
    assert (World.updates, World.made) == (1, [SIGNED])


def test_what_it_would_be_is_told_without_asking_anybody(tmp_path: Path) -> None:
    kernel = Kernel("old", 0, DebianSource(("bullseye-security", "bullseye"), "5.10"))

    def foreseen() -> Foresight:
        return obtaining.foresee(kernel, ARCHES["arm64"], Cache(tmp_path))

    assert foreseen() == Foresight("", at_hand=False)
    place = get(tmp_path).image.parent
    World.unreachable = "no route"
    assert foreseen() == Foresight("5.10.262-1", at_hand=True)
    shutil.rmtree(place)
    assert foreseen() == Foresight("5.10.262-1", at_hand=False)
    assert World.updates == 1


def test_what_is_at_hand_is_what_would_be_obtained_and_nobody_is_asked(tmp_path: Path) -> None:
    kernel = Kernel("old", 0, DebianSource(("bullseye-security", "bullseye"), "5.10"))

    def there() -> KernelFiles | None:
        return obtaining.at_hand(kernel, ARCHES["arm64"], Cache(tmp_path))

    assert there() is None
    made = get(tmp_path)
    World.unreachable = "no route"
    assert there() == made
    made.image.write_bytes(b"damaged")
    assert there() == made  # it is not looked into
    grow_old(tmp_path)
    assert there() is None
    assert World.updates == 1


def test_after_a_day_it_is_looked_up_again(tmp_path: Path) -> None:
    get(tmp_path)
    grow_old(tmp_path)
    get(tmp_path)
    assert (World.updates, World.made) == (2, [SIGNED])


def test_a_package_by_its_whole_version_is_looked_up_once(tmp_path: Path) -> None:
    first = get(tmp_path, "5.10.262-1")
    grow_old(tmp_path)
    World.unreachable = "no route"
    assert get(tmp_path, "5.10.262-1", refresh=True).image == first.image
    assert (World.updates, World.made) == (1, [SIGNED])


def test_it_is_looked_up_again_on_request(tmp_path: Path) -> None:
    get(tmp_path)
    get(tmp_path, refresh=True)
    assert (World.updates, World.made) == (2, [SIGNED])


def test_what_was_removed_from_the_cache_is_made_again(tmp_path: Path) -> None:
    image = get(tmp_path).image
    image.parent.rename(tmp_path / "elsewhere")
    assert get(tmp_path).image == image
    assert World.made == [SIGNED, SIGNED]


def test_one_that_answers_404_gives_way_to_its_unsigned_twin(tmp_path: Path) -> None:
    World.gone = {SIGNED}
    kernel = get(tmp_path)
    assert kernel.origin == f"{SIGNED}-unsigned"
    assert kernel.notes == ("5.10.262-1 (signed) is listed, but the archive answers 404",)


def test_and_then_to_the_version_before(tmp_path: Path) -> None:
    World.gone = {SIGNED, f"{SIGNED}-unsigned"}
    kernel = get(tmp_path)
    assert kernel.version == "5.10.259-1"
    assert kernel.notes == ("5.10.262-1 is listed, but the archive answers 404",)
    assert get(tmp_path).notes == kernel.notes


def test_when_none_is_left_it_is_said_what_was_tried_and_what_there_is(tmp_path: Path) -> None:
    older = SIGNED.replace("-46-", "-45-")
    World.gone = {SIGNED, f"{SIGNED}-unsigned", older, f"{older}-unsigned"}
    with pytest.raises(InfraError) as caught:
        get(tmp_path)
    assert caught.value.cause == (
        "kernel old: there is no 5.10 for arm64 in bullseye-security, bullseye "
        "(5.10.262-1, 5.10.259-1 are listed, but the archive answers 404); "
        "what would be accepted: bullseye-security has 5.10.262-1, 5.10.259-1 "
        "(flavour cloud-arm64); bullseye has no flavour cloud-arm64"
    )


def test_a_version_that_is_not_there_is_met_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(InfraError, match=r"no 5\.10\.7 for arm64 .*has 5\.10\.262-1, 5\.10\.259"):
        get(tmp_path, "5.10.7")


def test_a_version_that_is_none_is_a_mistake_and_found_before_anything_is_fetched(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigError):
        get(tmp_path, "newest")
    assert World.updates == 0


def test_the_remembered_kernel_does_when_the_archive_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get(tmp_path)
    grow_old(tmp_path)

    def away(self: Suite, since: float, say: object) -> str:
        raise AwayError("suite bullseye-security cannot be had")

    monkeypatch.setattr(Suite, "refresh", away)
    (note,) = get(tmp_path).notes
    assert note.startswith("as found on ")
    assert note.endswith("because now suite bullseye-security cannot be had")


def test_old_lists_are_a_note_and_soon_looked_up_again(tmp_path: Path) -> None:
    World.unreachable = "the archive is away"
    (note,) = get(tmp_path).notes
    assert note == ("the package lists of bullseye-security are 3.0 days old: the archive is away")
    World.unreachable = ""
    assert get(tmp_path).notes == ()
    assert World.updates == 2


def test_a_bad_signature_is_not_passed_over(tmp_path: Path) -> None:
    get(tmp_path)
    grow_old(tmp_path)
    World.untrusted = True
    with pytest.raises(UntrustedError):
        get(tmp_path)


def test_a_cache_that_cannot_be_written_is_the_hosts_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Packaged, "produce", full)
    with pytest.raises(InfraError, match=r"kernels/\w+ cannot be written: No space left"):
        get(tmp_path)


def test_a_source_is_looked_up_and_remembered_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pack(
        _: Tarballs, candidate: Candidate, archive: Suite, directory: Path, say: object
    ) -> None:
        World.made.append(candidate.packages[0].name)
        (directory / "linux-source-5.10.tar.xz").write_text(candidate.version)

    monkeypatch.setattr(Tarballs, "produce", pack)
    get(tmp_path)
    kernel = Kernel("old", 0, DebianSource(("bullseye-security", "bullseye"), "5.10"))
    found = obtain_source(kernel, Cache(tmp_path), lambda words: None)
    assert found == obtain_source(kernel, Cache(tmp_path), lambda words: None)
    assert found.read_text() == "5.10.262-1"
    assert (World.updates, World.made) == (2, [SIGNED, "linux-source-5.10"])
    # Each in the lists of one arch: nobody is to fetch those of a dozen.
    assert World.lists == [["arm64"], ["amd64"]]


def test_several_threads_make_it_once(tmp_path: Path) -> None:
    threads = [threading.Thread(target=get, args=(tmp_path,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert World.made == [SIGNED]
