"""The header with another kernel's advice numbers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from orchestrator.arches import ARCHES
from orchestrator.cache import Cache
from orchestrator.errors import InfraError
from orchestrator.images import uapi
from orchestrator.kernels import Extract

OURS = """\
#undef MADV_WIPEONFORK
#define MADV_WIPEONFORK		18
#define MADV_COLLAPSE		25	/* 6.1 */
#define MAP_SHARED 1
"""
HPPA = "#define MADV_WIPEONFORK 71\n#define MADV_SOMETHING_ELSE 99\n#define MADV_FLAG 0x10\n"


def quiet(_: str) -> None:
    pass


def test_every_advice_that_we_know_gets_their_number_or_none() -> None:
    text = uapi.written({"MADV_WIPEONFORK": 71, "MADV_SOMETHING_ELSE": 99}, OURS, "5.10")
    assert text.splitlines()[1:] == [
        "#define MADV_WIPEONFORK 71",
        "#define MADV_COLLAPSE (NOT_IN_HEADERS + 25)",
    ]


def test_what_the_headers_lack_is_known(tmp_path: Path) -> None:
    (tmp_path / "advice.h").write_text(uapi.written({"MADV_WIPEONFORK": 71}, OURS, "5.10"))
    assert uapi.lacking(tmp_path / "advice.h") == (25,)


def test_the_real_suites_compile_with_it(tmp_path: Path) -> None:
    ours = (Path(uapi.__file__).parents[2] / "guest-tests" / "uapi.h").read_text()
    (tmp_path / "advice.h").write_text(uapi.written({"MADV_NORMAL": 0}, ours, "nobody"))
    program = (
        f'#define ADVICE "{tmp_path}/advice.h"\n{ours}\nint n = MADV_NORMAL + MADV_COLLAPSE;\n'
    )
    (tmp_path / "program.c").write_text(program)
    subprocess.run(["cc", "-fsyntax-only", tmp_path / "program.c"], check=True)


@pytest.fixture
def extracted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Extract:
    """A source whose headers are, as `make headers` would leave them, what is in it."""

    def make(place: Path, _arch: object, out: str, *_words: str) -> None:
        made = Path(out.removeprefix("O=")) / "usr" / "include" / "asm"
        made.mkdir(parents=True)
        (made / "mman.h").write_text((place / "mman.h").read_text())

    monkeypatch.setattr(uapi, "make", make)
    (tmp_path / "mman.h").write_text(HPPA)
    return Extract(tmp_path, "key", "linux-7.3")


def test_the_compiler_says_what_headers_define(extracted: Extract, tmp_path: Path) -> None:
    found = uapi.numbers(extracted, ARCHES["x86_64"], Cache(tmp_path / "cache"), quiet)
    assert found == {"MADV_WIPEONFORK": 71, "MADV_SOMETHING_ELSE": 99}


def test_headers_without_advice_are_no_headers(extracted: Extract, tmp_path: Path) -> None:
    (tmp_path / "mman.h").write_text("\n")
    with pytest.raises(InfraError, match="defines no advice"):
        uapi.numbers(extracted, ARCHES["x86_64"], Cache(tmp_path / "cache"), quiet)


def test_the_compilers_own_headers_have_a_release(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "linux/version.h": "#define LINUX_VERSION_MAJOR 6\n#define LINUX_VERSION_PATCHLEVEL 1\n"
        "#define LINUX_VERSION_SUBLEVEL 4\n",
        "asm/mman.h": HPPA,
    }
    monkeypatch.setattr(uapi, "defined", lambda _, header: said[header])
    release, found = uapi.own_numbers(ARCHES["parisc"])
    assert (release, found["MADV_WIPEONFORK"]) == ("6.1.4", 71)
