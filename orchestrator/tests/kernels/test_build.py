"""How a tree is configured and compiled, with a make that does as the test says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator import command
from orchestrator.arches import ARCHES
from orchestrator.errors import InfraError
from orchestrator.kernels import build

CRASH = b"cc1: out of memory\nvirtual memory exhausted: Cannot allocate memory\n"
MISTAKE = b"%s/mm/madvise.c:7:1: error: unknown type name 'foo'\nmake: *** [mm] Error 2\n"


class Make:
    """Stands in for programs: each run takes the next of the outcomes, b"" being success."""

    def __init__(self, *outcomes: bytes) -> None:
        self.outcomes = list(outcomes)
        self.ran: list[list[str]] = []
        self.env: Mapping[str, str] = {}

    def __call__(
        self,
        argv: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> bytes:
        self.ran.append([str(word) for word in argv])
        self.env = env or {}
        said = self.outcomes.pop(0)
        if log:
            log.write_bytes(said)
        if said:
            why = ", because there is no room" if b"No space" in said else ""
            raise InfraError(f"make exited with 2{why}:\n    ...", f"less {log}")
        return b""


@pytest.fixture
def work(tmp_path: Path) -> build.Work:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "Makefile").write_text("VERSION = 6\n")
    return build.Work(ARCHES["parisc"], tree, tmp_path / "out", tmp_path / "logs" / "6.1-parisc")


@pytest.fixture
def logs(work: build.Work) -> Path:
    work.log.parent.mkdir()
    return work.log.parent


def use(monkeypatch: pytest.MonkeyPatch, *outcomes: bytes) -> Make:
    made = Make(*outcomes)
    monkeypatch.setattr(command, "run", made)
    return made


def test_only_the_image_is_built(
    work: build.Work, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = use(monkeypatch, b"")
    assert build.compile_image(work, lambda words: None) == ()
    ((*_, target),) = made.ran
    assert target == "vmlinux"
    assert f"O={work.out}" in made.ran[0]


def test_nothing_of_this_machine_gets_into_the_image(
    work: build.Work, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = use(monkeypatch, b"")
    build.compile_image(work, lambda words: None)
    assert (made.env["ARCH"], made.env["CROSS_COMPILE"]) == ("parisc", "hppa-linux-gnu-")
    assert made.env["KBUILD_BUILD_HOST"] == made.env["KBUILD_BUILD_USER"] == "lab"
    assert made.env["KBUILD_BUILD_TIMESTAMP"].endswith("UTC")
    assert made.env["MAKEFLAGS"] == ""


def test_a_kernel_with_more_bits_than_its_programs_has_a_compiler_of_its_own(
    work: build.Work, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None if name == "ccache" else name)
    made = use(monkeypatch, b"")
    build.compile_image(replace(work, arch=ARCHES["parisc64"]), lambda words: None)
    assert (made.env["ARCH"], made.env["CROSS_COMPILE"]) == ("parisc", "hppa64-linux-gnu-")
    assert "CROSS32_COMPILE=hppa-linux-gnu-" in made.ran[0]
    monkeypatch.setattr(command, "run", lambda argv: f"{argv[0]} 12\nCopyright".encode())
    ours, programs = "hppa64-linux-gnu-gcc 12", "hppa-linux-gnu-gcc 12"
    assert build.compiler(ARCHES["parisc64"]) == f"{ours} and {programs}"
    assert build.programs_compiler(ARCHES["parisc64"]) == programs
    assert build.compiler(ARCHES["parisc"]) == programs


def test_a_compiler_that_crashed_is_asked_once_more(
    work: build.Work, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = use(monkeypatch, CRASH, b"")
    (note,) = build.compile_image(work, lambda words: None)
    assert note == "the compiler crashed once and was run again (6.1-parisc.crash.log)"
    assert (logs / "6.1-parisc.crash.log").read_bytes() == CRASH
    assert len(made.ran) == 2


def test_and_no_more_than_once(
    work: build.Work, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = use(monkeypatch, CRASH, CRASH, b"")
    with pytest.raises(InfraError, match="make exited"):
        build.compile_image(work, lambda words: None)
    assert len(made.ran) == 2


def test_a_mistake_in_the_code_is_not_tried_again(
    work: build.Work, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = use(monkeypatch, MISTAKE % bytes(work.tree), b"")
    with pytest.raises(build.BrokenError) as caught:
        build.compile_image(work, lambda words: None)
    assert len(made.ran) == 1
    assert caught.value.cause == (
        "the kernel does not build for parisc:\n"
        "    mm/madvise.c:7:1: error: unknown type name 'foo'"
    )
    assert caught.value.look == f"less {logs / '6.1-parisc.log'}"
    assert (logs / "6.1-parisc.log").exists()


@pytest.mark.parametrize(
    "said",
    [
        b"  CC mm/madvise.o\nmake: *** [mm/madvise.o] Terminated\n",
        b"mm/a.c:1:1: fatal error: error writing to /tmp/x.s: No space left on device\n",
    ],
)
def test_a_host_that_fails_is_not_the_codes_fault(
    work: build.Work, logs: Path, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    use(monkeypatch, said)
    with pytest.raises(InfraError, match="make exited") as caught:
        build.compile_image(work, lambda words: None)
    assert not isinstance(caught.value, build.BrokenError)


def test_what_is_wrong_with_the_code_is_found_among_what_make_says() -> None:
    log = """\
      CC      mm/madvise.o
    ../mm/madvise.c: In function 'madvise_dofork':
    ../mm/madvise.c:12:9: error: 'vma' undeclared
    ../mm/madvise.c:13:9: error: 'vma' undeclared
    make[4]: *** [../scripts/Makefile.build:287: mm/madvise.o] Error 1
    make[4]: *** Waiting for unfinished jobs....
      CC      mm/memory.o
      LD      vmlinux.o
    ld: mm/fork.o: undefined reference to `foo'
    make[4]: *** No rule to make target 'mm/gone.o', needed by 'mm/'.  Stop.
    """
    assert [line.partition(" ")[0] for line in build.mistakes(log)] == [
        "../mm/madvise.c:12:9:", "../mm/madvise.c:13:9:", "ld:", "make[4]:",
    ]  # fmt: skip
    assert build.mistakes("  CC mm/madvise.o\n") == []


def test_ccache_is_used_where_it_is(
    work: build.Work, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = use(monkeypatch, b"", b"")
    monkeypatch.setattr("shutil.which", lambda name: None)
    build.compile_image(work, lambda words: None)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    build.compile_image(work, lambda words: None)
    cached = "CC=ccache hppa-linux-gnu-gcc"
    assert [cached in argv for argv in made.ran] == [False, True]


def test_fragments_are_merged_onto_an_empty_configuration(
    work: build.Work, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = use(monkeypatch, b"")
    build.configure(work, [tmp_path / "mm.config"])
    merge, *words = made.ran[0]
    assert merge.endswith("scripts/kconfig/merge_config.sh")
    assert words == ["-n", "-O", str(work.out), str(tmp_path / "mm.config")]


def test_an_elf_image_is_stripped_and_another_one_copied(
    work: build.Work, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = use(monkeypatch, *[b""] * 5)
    work.out.mkdir()
    (work.out / "vmlinux").write_bytes(b"\x7fELF and symbols")
    assert build.take_image(work, tmp_path) == "vmlinux"
    assert "hppa-linux-gnu-strip" in [words[0] for words in made.ran]
    made.ran.clear()
    (work.out / "vmlinux").write_bytes(b"raw")
    build.take_image(work, tmp_path)
    assert (tmp_path / "vmlinux").read_bytes() == b"raw"
    assert "hppa-linux-gnu-strip" not in [words[0] for words in made.ran]


def test_its_symbols_are_kept_beside_it(
    work: build.Work, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = use(monkeypatch, b"", b"")
    work.out.mkdir()
    (work.out / "vmlinux").write_bytes(b"raw")
    build.take_image(work, tmp_path)
    kept = str(work.out / "vmlinux.symbols")
    assert made.ran == [
        ["hppa-linux-gnu-objcopy", "--only-keep-debug", str(work.out / "vmlinux"), kept],
        ["cp", "--sparse=always", kept, str(tmp_path / "vmlinux.symbols")],
    ]


def test_a_missing_compiler_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(InfraError) as caught:
        build.compiler(ARCHES["parisc"])
    assert caught.value.cause.startswith("hppa-linux-gnu-gcc is not installed")
    assert caught.value.look == "apt-get install gcc-hppa-linux-gnu"
