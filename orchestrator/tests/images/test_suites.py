"""guest-tests/ to what is pushed and to what is planned. make and the compiler are played."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.errors import ConfigError, InfraError
from orchestrator.images import ingredients, suites
from orchestrator.images.suites import Built, Variant
from orchestrator.model import Claim, Suite

real_run = command.run

# Called by a suite's name, as the real one is.
BINARY = """\
#!/bin/sh
case "$1 ${0##*/}" in
"--list args") printf 'args.%s\\t%s\\t%s\\n' hole args/hole.c:12 'a hole is ENOMEM' ;;
"--list selfcheck") printf 'selfcheck.ok\\tselfcheck/a.c:3\\tit runs\\tand on\\n' ;;
"--variants selfcheck")
	printf 'lie\\targs\\thole wrap\\tmadvise returns 0\\n'
	printf 'garble\\tselfcheck\\tok\\tnothing is as it was\\n' ;;
esac
"""


class Host:
    """Stands in for gcc and make; remembers what make was asked for, and what it compiled."""

    def __init__(self) -> None:
        self.made: list[dict[str, str]] = []
        self.compiled: list[str] = []
        self.compiler = b"gcc 14"
        self.forgets = ""  # a suite

    def run(self, argv: Sequence[str | Path]) -> bytes:
        words = [str(word) for word in argv]
        if words[-1] == "--version":
            return self.compiler
        if words[0] != "make":
            return real_run(argv)
        asked = dict(word.split("=", 1) for word in words if "=" in word)
        self.made.append(asked)
        tests, out = Path(words[words.index("-C") + 1]), Path(asked["OUT"])
        names = asked["SUITES"].split()
        for source in sorted(
            [tests / "main.c", *(c for n in names for c in tests.glob(f"{n}/*.c"))]
        ):
            self.compile(source, out / "obj" / source.relative_to(tests).with_suffix(".o"))
        (out / "suites").write_text(BINARY)
        (out / "suites").chmod(0o755)
        for name in names:
            if name != self.forgets:
                (out / name).symlink_to("suites")
        return b""

    def compile(self, source: Path, into: Path) -> None:
        if into.exists() and into.stat().st_mtime_ns > source.stat().st_mtime_ns:
            return
        into.parent.mkdir(exist_ok=True, parents=True)
        into.write_text(f"object code of {source.read_text()}")
        self.compiled.append(f"{source.parent.name}/{source.name}")


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    ingredients.compiler.cache_clear()
    made = Host()
    monkeypatch.setattr(command, "run", made.run)
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    yield made
    ingredients.compiler.cache_clear()


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    place = tmp_path / "guest-tests"
    for name, text in {
        "Makefile": "all:\n",
        "main.c": "int main;\n",
        "args/suite.yaml": "about: What madvise refuses\n",
        "args/hole.c": "\n",
        "selfcheck/suite.yaml": "about: The lab itself\ndefault: false\n",
        "selfcheck/a.c": "\n",
    }.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    return place


def quiet(words: str) -> None:
    pass


def build(
    tests: Path,
    cache: str = "cache",
    *,
    arch: str = "parisc",
    names: Collection[str] = (),
    broken: bool = False,
) -> Built:
    there = Cache(tests.parent / cache)
    return suites.build(tests, ARCHES[arch], there, quiet, names=names, broken=broken)


def catalogue(tests: Path) -> suites.Catalogue:
    return suites.catalogue(tests, Cache(tests.parent / "cache"), quiet)


def test_the_stream_is_one_file_and_a_link_for_each_suite(host: Host, tests: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(build(tests).stream.read_bytes())) as tar:
        members = {member.name: member for member in tar.getmembers()}
        program = tar.extractfile("suites")
        assert program is not None
        assert program.read().decode() == BINARY
    assert set(members) == {"suites", "args", "selfcheck"}
    assert members["suites"].mode == 0o755
    assert {members[name].linkname for name in ("args", "selfcheck")} == {"suites"}
    assert all(members[name].issym() for name in ("args", "selfcheck"))


def test_the_host_has_tar_unpack_it(host: Host, tests: Path, tmp_path: Path) -> None:
    (tmp_path / "guest").mkdir()
    real_run(["tar", "xzf", build(tests).stream], cwd=tmp_path / "guest")
    assert real_run([tmp_path / "guest" / "args", "--list"]).startswith(b"args.hole")


def test_the_same_sources_give_the_same_bytes(host: Host, tests: Path) -> None:
    one, other = build(tests, "one").stream, build(tests, "other").stream
    assert one != other
    assert one.read_bytes() == other.read_bytes()


def test_the_archs_compiler_makes_it(host: Host, tests: Path) -> None:
    build(tests)
    (asked,) = host.made
    assert (asked["ARCH"], asked["CROSS"]) == ("parisc", "hppa-linux-gnu-")
    assert "BROKEN" not in asked


def test_where_they_run_is_told_since_the_compiler_need_not_know(host: Host, tests: Path) -> None:
    narrow, wide = build(tests), build(tests, arch="parisc64")
    assert [asked["CROSS"] for asked in host.made] == ["hppa-linux-gnu-"] * 2
    assert [asked["MACHINE"] for asked in host.made] == ["parisc", "parisc64"]
    assert narrow.directory != wide.directory


def test_those_that_can_lie_are_built_apart(host: Host, tests: Path) -> None:
    right, wrong = build(tests), build(tests, broken=True)
    assert right.directory != wrong.directory
    assert [asked.get("BROKEN") for asked in host.made] == [None, "y"]
    assert build(tests).directory == right.directory


def test_it_is_made_once_for_each_arch(host: Host, tests: Path) -> None:
    assert build(tests) == build(tests)
    build(tests, arch="arm64")
    assert len(host.made) == 2


def test_those_asked_for_are_built_alone(host: Host, tests: Path) -> None:
    some = build(tests, names={"args", "of-the-kernel"})
    assert [asked["SUITES"] for asked in host.made] == ["args"]
    with tarfile.open(some.stream) as tar:
        assert set(tar.getnames()) == {"suites", "args"}
    assert build(tests, names={"of-the-kernel"}) == build(tests) != some


COMPILED = ["args/hole.c", "guest-tests/main.c", "selfcheck/a.c"]


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("args/hole.c", ["args/hole.c"]),
        ("args/new.c", ["args/hole.c", "args/new.c"]),
        ("args/help.h", ["args/hole.c"]),
        ("selfcheck/suite.yaml", []),
        ("main.c", COMPILED),
        ("Makefile", COMPILED),
    ],
)
def test_what_is_as_it_was_is_not_compiled_again(
    host: Host, tests: Path, changed: str, again: list[str]
) -> None:
    build(tests)
    assert host.compiled == COMPILED
    host.compiled = []
    (tests / changed).write_text("about: something else\n")
    build(tests)
    assert host.compiled == again


def test_what_was_compiled_elsewhere_or_otherwise_is_not_taken(host: Host, tests: Path) -> None:
    build(tests)
    build(tests, arch="arm64")
    build(tests, broken=True)
    host.compiler = b"gcc 15"
    ingredients.compiler.cache_clear()  # it is asked once in a process
    build(tests)
    assert host.compiled == 4 * COMPILED


@pytest.mark.parametrize(
    ("changed", "times"),
    [
        ("args/hole.c", 2),
        ("args/new.c", 2),
        ("args/help.h", 2),
        ("Makefile", 2),
        ("args/expect.yaml", 1),
    ],
)
def test_only_what_is_compiled_decides_whether_it_is_made_anew(
    host: Host, tests: Path, changed: str, times: int
) -> None:
    build(tests)
    (tests / changed).write_text("something else\n")
    build(tests)
    assert len(host.made) == times


def test_another_compiler_makes_it_anew(host: Host, tests: Path) -> None:
    build(tests)
    host.compiler = b"gcc 15"
    ingredients.compiler.cache_clear()  # it is asked once in a process
    build(tests)
    assert len(host.made) == 2


def test_sources_that_change_under_a_run_are_not_taken_for_what_they_were(
    host: Host, tests: Path
) -> None:
    then = ingredients.read(tests)
    (tests / "args" / "hole.c").write_text("something else\n")
    with pytest.raises(InfraError, match="was changed while the lab was at it"):
        suites.build(tests, ARCHES["arm64"], Cache(tests.parent), quiet, sources=then)
    assert list(tests.parent.glob("suites/[!.]*")) == []


def test_the_catalogue_is_what_the_binaries_list(host: Host, tests: Path) -> None:
    assert catalogue(tests).suites == (
        Suite(
            "args",
            "What madvise refuses",
            (Claim("args.hole", "a hole is ENOMEM", "args/hole.c", 12),),
        ),
        Suite(
            "selfcheck",
            "The lab itself",
            (Claim("selfcheck.ok", "it runs\tand on", "selfcheck/a.c", 3),),
        ),
    )
    assert catalogue(tests).claims() == ("args.hole", "selfcheck.ok")


def test_a_suite_may_be_left_out_of_ordinary_runs(host: Host, tests: Path) -> None:
    assert catalogue(tests).default == ("args",)


def test_the_catalogue_comes_from_the_machine_that_we_are_on(host: Host, tests: Path) -> None:
    catalogue(tests)
    assert [asked["ARCH"] for asked in host.made] == ["arm64"]


def test_after_a_change_one_suite_is_built_and_asked(host: Host, tests: Path) -> None:
    before = catalogue(tests)
    (tests / "args/hole.c").write_text("something else\n")
    assert catalogue(tests) == before  # as this one lists the same
    catalogue(tests)
    assert [asked["SUITES"] for asked in host.made] == ["args selfcheck", "args"]
    assert build(tests, arch="arm64", names=["args"])  # what the guest runs is there already
    assert len(host.made) == 2


def test_a_machine_that_is_in_no_row_is_named(
    host: Host, tests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "m68k")
    with pytest.raises(InfraError, match="this host is a m68k"):
        catalogue(tests)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abuot: x\nabout: y\n", r"guest-tests/args/suite\.yaml:1:1: unknown key 'abuot'"),
        ("default: false\n", r"guest-tests/args/suite\.yaml:1:1: 'about' is missing"),
        ("about: ''\n", r"guest-tests/args/suite\.yaml:1:1: .*at least 1"),
        ("", r"guest-tests/args/suite\.yaml:1:1: "),
    ],
)
def test_a_mistake_in_a_suites_file_has_its_place(
    host: Host, tests: Path, text: str, said: str
) -> None:
    (tests / "args/suite.yaml").write_text(text)
    with pytest.raises(ConfigError, match=said):
        catalogue(tests)


def test_no_suite_at_all_is_a_mistake(host: Host, tests: Path) -> None:
    for place in tests.glob("*/suite.yaml"):
        place.unlink()
    with pytest.raises(ConfigError, match="no suite there"):
        catalogue(tests)


def test_a_suite_without_its_binary_is_named(host: Host, tests: Path) -> None:
    host.forgets = "args"
    with pytest.raises(InfraError, match="made no binary for suite 'args'"):
        catalogue(tests)


def test_a_directory_becomes_a_suite_when_it_gets_its_file(host: Host, tests: Path) -> None:
    text = (tests / "args/suite.yaml").read_text()
    (tests / "args/suite.yaml").unlink()
    assert catalogue(tests).claims() == ("selfcheck.ok",)
    (tests / "args/suite.yaml").write_text(text)
    assert catalogue(tests).claims() == ("args.hole", "selfcheck.ok")


def test_the_variants_are_as_the_binary_tells_them(host: Host, tests: Path) -> None:
    assert suites.variants(tests, Cache(tests.parent / "cache"), quiet) == [
        Variant("lie", "args", ("args.hole", "args.wrap"), "madvise returns 0"),
        Variant("garble", "selfcheck", ("selfcheck.ok",), "nothing is as it was"),
    ]


def test_what_the_compiler_complains_of_is_told_and_nothing_is_kept(
    host: Host, tests: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(argv: Sequence[str | Path]) -> bytes:
        if argv[0] == "make":
            raise InfraError("make exited with 2:\n    'MADV_NOSUCH' undeclared")
        return host.run(argv)

    with monkeypatch.context() as patch:
        patch.setattr(command, "run", run)
        with pytest.raises(InfraError, match="MADV_NOSUCH"):
            build(tests)
    assert not list((tests.parent / "cache/suites").glob("parisc-*"))
    assert build(tests).stream.is_file()
