"""The kernel's own tests to what is pushed and to what is planned; make and tar are played."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.images import kselftest
from orchestrator.images.kselftest import Row, guest_rows
from orchestrator.model import DebianSource, Kernel, Kselftest

real_run = command.run

MM = "tools/testing/selftests/mm"
HARNESS = '#include "kselftest_harness.h"\n/* Guards hold. */\nTEST_F(guard_regions, basic)\n'
LIST = "# FIXTURE            VARIANT                   TEST\n" + "".join(
    f"{fixture:20} {variant:25} {test}\n"
    for fixture, variant, test in (
        ("global", "", "flags"),
        ("guard_regions", "anon", "basic"),
        ("", "shmem", ""),
    )
)
KERNEL = Kernel("7.3", 0, DebianSource(("trixie-backports",), "7.3"))
TESTS = Kselftest("mm", KERNEL, ("guard-regions", "madv_populate"))


class Host:
    """Stands in for tar, make and the compiler; remembers what was asked of them."""

    def __init__(self) -> None:
        self.made: list[list[str]] = []
        self.unpacked = 0
        self.breaks = ""  # "arch/program" that does not compile

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> bytes:
        words = [str(word) for word in argv]
        if words[-1] == "--version":
            return b"gcc 14\n"
        if words[0] == "tar":
            self._unpack(Path(words[words.index("-C") + 1]))
            return b""
        if words[0] != "make":
            return LIST.encode() if "sh" in words else real_run(argv)
        self.made.append(words)
        asked = dict(word.split("=", 1) for word in words if "=" in word)
        if words[-1] == "headers":
            (Path(asked["O"]) / "usr" / "include" / "linux").mkdir(parents=True)
        elif f"{asked['ARCH']}/{Path(words[-1]).name}" == self.breaks:
            raise InfraError(
                "make exited with 2:\n    a.c: In f:\n    a.c:7:\terror: \u2018no\u2019\n    stop"
            )
        else:
            Path(words[-1]).write_text(f"program for {asked['ARCH']}")
        return b""

    def _unpack(self, into: Path) -> None:
        self.unpacked += 1
        (into / MM).mkdir(parents=True)
        (into / "Makefile").write_text("VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 4\n")
        (into / MM / "guard-regions.c").write_text(HARNESS)
        (into / MM / "madv_populate.c").write_text('#include "kselftest.h"\n')


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    made = Host()
    monkeypatch.setattr(command, "run", made.run)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr(
        "orchestrator.kernels.extracts.obtain_source",
        lambda kernel, cache, say: Path("/sources/703e") / "linux-source-7.3.tar.xz",
    )
    return made


def quiet(words: str) -> None:
    pass


def pushed(cache: Path, arch: str) -> dict[str, str]:
    stream = kselftest.stream(TESTS, ARCHES[arch], Cache(cache), quiet)
    with tarfile.open(fileobj=io.BytesIO(stream.read_bytes())) as tar:
        return {
            member.name: member.linkname or (file.read().decode() if file else "")
            for member in tar.getmembers()
            for file in [tar.extractfile(member) if member.isreg() else None]
        }


def test_a_row_for_each_test_of_a_harness_and_one_for_any_other_program(
    host: Host, tmp_path: Path
) -> None:
    suite = kselftest.suite(TESTS, Cache(tmp_path), quiet)
    assert suite.name == "kselftest-mm"
    assert [(claim.name, claim.text, claim.place) for claim in suite.claims] == [
        (
            "kselftest-mm.guard-regions-flags",
            "the kernel's own test finds nothing wrong (global.flags)",
            f"linux-7.3.4/{MM}/guard-regions.c:0",
        ),
        (
            "kselftest-mm.guard-regions-anon-basic",
            "Guards hold (guard_regions.anon.basic)",
            f"linux-7.3.4/{MM}/guard-regions.c:3",
        ),
        (
            "kselftest-mm.guard-regions-shmem-basic",
            "Guards hold (guard_regions.shmem.basic)",
            f"linux-7.3.4/{MM}/guard-regions.c:3",
        ),
        (
            "kselftest-mm.madv-populate",
            "madv_populate of the kernel's own tests finds nothing wrong",
            f"linux-7.3.4/{MM}/madv_populate.c:1",
        ),
    ]


def test_the_guest_gets_the_programs_and_how_to_call_them(host: Host, tmp_path: Path) -> None:
    assert pushed(tmp_path, "parisc") == {
        "kselftest-mm": "suites",
        "kselftest-mm.d": "",
        "kselftest-mm.d/guard-regions": "program for parisc",
        "kselftest-mm.d/madv_populate": "program for parisc",
        "kselftest-mm.rows": (
            "guard-regions-flags\tguard-regions\t-r\tglobal.flags\n"
            "guard-regions-anon-basic\tguard-regions\t-r\tguard_regions.anon.basic\n"
            "guard-regions-shmem-basic\tguard-regions\t-r\tguard_regions.shmem.basic\n"
            "madv-populate\tmadv_populate\n"
        ),
    }


def test_a_program_that_does_not_build_keeps_its_rows(host: Host, tmp_path: Path) -> None:
    host.breaks = "parisc/guard-regions"
    there = pushed(tmp_path, "parisc")
    assert "kselftest-mm.d/guard-regions" not in there
    rows = there["kselftest-mm.rows"].splitlines()
    why = "does not build for parisc: a.c:7: error: 'no'"
    assert rows[0] == f"guard-regions-flags\t\t{why}"
    assert rows[3] == "madv-populate\tmadv_populate"


def test_one_that_cannot_be_listed_stops_the_run(host: Host, tmp_path: Path) -> None:
    host.breaks = "x86_64/guard-regions"
    with pytest.raises(InfraError, match=r"a\.c:7:\s+error: .no"):
        kselftest.suite(TESTS, Cache(tmp_path), quiet)


def test_everything_is_made_once_and_with_the_sources_own_headers(
    host: Host, tmp_path: Path
) -> None:
    pushed(tmp_path, "arm64")
    done = len(host.made)
    pushed(tmp_path, "arm64")
    kselftest.suite(TESTS, Cache(tmp_path), quiet)
    assert (len(host.made), host.unpacked) == (done, 1)
    headers, *programs = (
        words for words in host.made if "CROSS_COMPILE=aarch64-linux-gnu-" in words
    )
    assert headers[-2:] == ["ARCH=arm64", "headers"]
    assert all("LDFLAGS=-static" in " ".join(words) for words in programs)
    assert all("KHDR_INCLUDES=-isystem" in " ".join(words) for words in programs)


def test_the_list_is_run_without_any_right(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def run(argv: Sequence[str | Path]) -> bytes:
        ran.append([str(word) for word in argv])
        return b""

    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    (tmp_path / "merge").write_text("program")
    kselftest._list(tmp_path / "merge")
    assert ran[0][:2] == ["setpriv", "--reuid=65534"]


def test_two_tests_with_one_name_are_not_told_apart(host: Host, tmp_path: Path) -> None:
    twice = Kselftest("mm", KERNEL, ("madv_populate", "madv_populate"))
    with pytest.raises(InfraError, match=r"kselftest-mm\.madv-populate is the name of two tests"):
        kselftest.suite(twice, Cache(tmp_path), quiet)


def test_a_call_is_one_line() -> None:
    rows = [Row("k.a", "…", 1, "prog", ("-r", "f.t")), Row("k.b", "…", 1, "other")]
    assert guest_rows(rows, {"other": "no"}) == "a\tprog\t-r\tf.t\nb\t\tno\n"
