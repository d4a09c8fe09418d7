"""Asking busybox for options, and making sure that it heard. No compiler is run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.images import userland

ALLNO = """\
#
# Automatically generated make config: don't edit
#
# CONFIG_ASH is not set
# CONFIG_ASH_ECHO is not set
# CONFIG_STATIC is not set
CONFIG_MD5_SMALL=1
CONFIG_PREFIX="./_install"
"""


def merged(tmp_path: Path, wanted: str, config: str = ALLNO) -> str:
    (tmp_path / "wanted").write_text(wanted)
    (tmp_path / "config").write_text(config)
    userland._merge(tmp_path / "wanted", tmp_path / "config")
    return (tmp_path / "config").read_text()


def test_an_option_is_set_in_its_own_place(tmp_path: Path) -> None:
    wanted = "# the shell\nCONFIG_ASH=y\nCONFIG_MD5_SMALL=0\n"
    expected = ALLNO.replace("# CONFIG_ASH is not set", "CONFIG_ASH=y")
    assert merged(tmp_path, wanted) == expected.replace("SMALL=1", "SMALL=0")


def test_text_with_an_equals_sign_in_it_stays_whole(tmp_path: Path) -> None:
    said = merged(tmp_path, 'CONFIG_PREFIX="a=b"\n')
    assert said.splitlines()[-1] == 'CONFIG_PREFIX="a=b"'


def test_what_is_asked_for_in_a_comment_is_not_asked_for(tmp_path: Path) -> None:
    assert merged(tmp_path, "# CONFIG_ASH=y would need more\n#CONFIG_STATIC=y\n") == ALLNO


def test_an_unknown_option_is_not_added(tmp_path: Path) -> None:
    assert merged(tmp_path, "CONFIG_NO_SUCH=y\n") == ALLNO


def survived(tmp_path: Path, wanted: str, config: str) -> None:
    (tmp_path / "busybox.config").write_text(wanted)
    (tmp_path / "config").write_text(config)
    userland._survived(tmp_path / "busybox.config", tmp_path / "config")


def test_what_survived_is_good(tmp_path: Path) -> None:
    survived(tmp_path, "# why\nCONFIG_ASH=y\n\nCONFIG_X=0\n", "CONFIG_X=0\nCONFIG_ASH=y\n")


@pytest.mark.parametrize("config", ["", "# CONFIG_ASH is not set\n", "CONFIG_ASH=n\n"])
def test_what_was_lost_is_named(tmp_path: Path, config: str) -> None:
    with pytest.raises(InfraError, match=r"does not know CONFIG_ASH=y of busybox\.config"):
        survived(tmp_path, "CONFIG_ASH=y\nCONFIG_STATIC=y\n", f"{config}CONFIG_STATIC=y\n")


def test_all_that_was_lost_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(InfraError, match="CONFIG_ASH=y, CONFIG_X=3 of"):
        survived(tmp_path, "CONFIG_ASH=y\nCONFIG_X=3\n", "CONFIG_ASH_ECHO=y\n")


def test_the_recipe_asks_for_each_option_once() -> None:
    lines = (userland.RECIPES / "busybox.config").read_text().splitlines()
    asked = [line.partition("=")[0] for line in lines if line.startswith("CONFIG_")]
    assert asked
    assert sorted(asked) == sorted(set(asked))


def test_the_recipe_says_no_to_nothing_by_a_comment() -> None:
    """``# CONFIG_X is not set`` would be taken for a remark."""
    assert " is not set\n" not in (userland.RECIPES / "busybox.config").read_text()


class Host:
    """Stands in for make, configure, strip and the compiler."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.compiler = b"gcc 14"
        self.knows = ALLNO

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> bytes:
        words = [
            *(f"{name}={value}" for name, value in (env or {}).items() if value),
            *map(str, argv),
        ]
        self.ran.append(" ".join(words))
        if words[-1] == "--version":
            return self.compiler
        if "strip" in words[0]:
            Path(words[2]).write_bytes(b"stripped " + Path(words[3]).read_bytes())
            return b""
        assert cwd is not None
        if "allnoconfig" in words:
            (cwd / ".config").write_text(self.knows)
        if "busybox" in words:
            (cwd / "busybox").write_text("busybox with " + (cwd / ".config").read_text())
            (cwd / "busybox.links").write_text("/bin/sh\n/usr/sbin/ifconfig\n")
        if "PROGRAMS=dropbear" in words:
            (cwd / "dropbear").write_text("dropbear with " + (cwd / "localoptions.h").read_text())
        return b""


@pytest.fixture
def recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "recipes"
    place.mkdir()
    (place / "busybox.config").write_text("# the shell\nCONFIG_ASH=y\n")
    (place / "dropbear.h").write_text("#define X 1\n")
    (place / "dropbear.configure").write_text("# no PAM here\n\n--disable-pam\n--disable-zlib\n")
    (place / "dropbear-b.patch").write_text("b")
    (place / "dropbear-a.patch").write_text("a")
    monkeypatch.setattr(userland, "RECIPES", place)
    return place


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, recipes: Path) -> Host:
    made = Host()
    monkeypatch.setattr(command, "run", made.run)

    def source(name: str, patches: list[Path], cache: Cache, say: object) -> Path:
        made.ran.append(f"source {name} {[patch.name for patch in patches]}")
        place = tmp_path / f"source of {name}"
        place.mkdir(exist_ok=True)
        return place

    monkeypatch.setattr(userland, "source", source)
    return made


def build(tmp_path: Path, arch: str = "parisc") -> Path:
    return userland.userland(ARCHES[arch], Cache(tmp_path / "cache"), lambda words: None)


def test_both_programs_and_the_applets_names(tmp_path: Path, host: Host) -> None:
    place = build(tmp_path)
    assert {path.name for path in place.iterdir()} == {"busybox", "applets", "dropbear"}
    assert (place / "applets").read_text() == "sh\nifconfig\n"
    assert (place / "busybox").read_text().startswith("stripped busybox with ")
    assert "CONFIG_ASH=y\n" in (place / "busybox").read_text()
    assert (place / "dropbear").read_text() == "stripped dropbear with #define X 1\n"


def test_all_is_made_with_the_archs_tools(tmp_path: Path, host: Host) -> None:
    build(tmp_path)
    triplet = ARCHES["parisc"].triplet
    assert f"make -s allnoconfig CROSS_COMPILE={triplet}-" in host.ran
    assert f"./configure -q --host={triplet} LDFLAGS= --disable-pam --disable-zlib" in host.ran
    assert [line.split()[0] for line in host.ran if "strip" in line] == [f"{triplet}-strip"] * 2


def test_a_program_is_linked_as_its_arch_must_be(tmp_path: Path, host: Host) -> None:
    build(tmp_path, "alpha")
    linked = "-Wl,--no-relax"
    assert any(line.startswith(f"CFLAGS_busybox={linked} nice make") for line in host.ran)
    assert any(f" LDFLAGS={linked} " in line for line in host.ran)


def test_each_source_gets_its_own_patches_in_order(tmp_path: Path, host: Host) -> None:
    build(tmp_path)
    assert [line for line in host.ran if line.startswith("source")] == [
        "source busybox []",
        "source dropbear ['dropbear-a.patch', 'dropbear-b.patch']",
    ]


def test_the_sources_stay_as_they_are(tmp_path: Path, host: Host) -> None:
    build(tmp_path)
    assert list((tmp_path / "source of busybox").iterdir()) == []
    assert list((tmp_path / "source of dropbear").iterdir()) == []


def test_it_is_made_once_for_each_arch(tmp_path: Path, host: Host) -> None:
    assert build(tmp_path) == build(tmp_path)
    assert build(tmp_path, "arm64") != build(tmp_path)
    assert sum("allnoconfig" in line for line in host.ran) == 2


@pytest.mark.parametrize("change", ["recipe", "patch", "compiler"])
def test_what_goes_in_decides_whether_it_is_made_anew(
    tmp_path: Path, host: Host, recipes: Path, change: str
) -> None:
    before = build(tmp_path)
    if change == "recipe":
        (recipes / "dropbear.h").write_text("#define X 2\n")
    elif change == "patch":
        (recipes / "busybox-new.patch").write_text("")
    else:
        host.compiler = b"gcc 15"
    assert build(tmp_path) != before


def test_an_option_that_busybox_lacks_leaves_nothing_behind(tmp_path: Path, host: Host) -> None:
    host.knows = "# CONFIG_HUSH is not set\n"
    with pytest.raises(InfraError, match="does not know CONFIG_ASH=y"):
        build(tmp_path)
    left = [path.name for path in (tmp_path / "cache" / "userland").iterdir()]
    assert all(name.endswith(".lock") for name in left)
    host.knows = ALLNO
    assert (build(tmp_path) / "busybox").is_file()
