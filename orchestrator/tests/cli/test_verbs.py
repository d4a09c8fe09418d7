"""The verbs that read: list, show, report, doctor; and build, which boots nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator import schedule
from orchestrator.arches import ARCHES
from orchestrator.cli import doctor
from orchestrator.errors import InfraError
from orchestrator.kernels import KernelFiles
from orchestrator.model import Arch, Plan, Release, Target, Verdict
from orchestrator.preparing import Parts, Work
from orchestrator.tests.cli.lab import SUITES, Lab, keep
from orchestrator.tests.matrices import observed

PLAN = Plan(
    "20260101T000000.000000Z",
    "2026-01-01T00:00:00+00:00",
    (("6.12", "x86_64"), ("6.12", "parisc")),
    SUITES[:2],
)
FAIL = (Verdict.FAIL, "wipe.c:10: expected 0, found 7")
RUNS = (
    observed("6.12", "x86_64", SUITES[:2], {}),
    observed("6.12", "parisc", SUITES[:2], {"wipe.zero": FAIL}),
)


@pytest.fixture
def stored(lab: Lab) -> Lab:
    keep(lab.store, PLAN, *RUNS)
    return lab


# ---- list


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("kernels", ["5.10", "trixie-security", "x86_64, parisc"]),
        ("arches", ["parisc", "hppa-linux-gnu", "arm64"]),
        ("suites", ["wipe", "Promises about fork", "selfcheck"]),
        ("bugs", ["wipe.zero", "zero.c"]),
        ("claims", ["wipe.zero", "A child reads zeros.", "selfcheck.fails"]),
    ],
)
def test_what_there_is_to_choose_from(lab: Lab, what: str, said: list[str]) -> None:
    answer = lab("list", what)
    assert answer.code == 0
    assert [word for word in said if word not in answer.out] == []


def test_lists_for_programs(lab: Lab) -> None:
    kernels = lab("list", "kernels", "--json").json
    assert [row["kernel"] for row in kernels] == ["5.10", "6.12"]
    assert kernels[1]["source"] == "6.12 of trixie-security"
    suites = lab("list", "suites", "--json").json
    assert [(row["suite"], row["by default"]) for row in suites] == [
        ("wipe", True), ("fork", True), ("selfcheck", False),
    ]  # fmt: skip
    assert lab("list", "claims", "--json").code == 0


@pytest.mark.parametrize(("what", "word"), [("claims", "A child reads zeros."), ("bugs", "zero.c")])
def test_pages_of_the_manual(lab: Lab, what: str, word: str) -> None:
    said = lab("list", what, "--markdown")
    assert said.code == 0
    assert said.out.startswith("# ")
    assert word in said.out


@pytest.mark.parametrize("what", ["kernels", "arches", "suites"])
def test_other_lists_have_none(lab: Lab, what: str) -> None:
    said = lab("list", what, "--markdown")
    assert (said.code, said.err) == (2, "--markdown is for claims and bugs\n")


@pytest.mark.parametrize("what", ["bugs", "kernels"])
def test_a_list_of_nothing_is_empty(lab: Lab, what: str) -> None:
    lab.write("guest-tests/wipe/expect.yaml", "# no bug is known\n")
    every = "{arches: [x86_64, parisc], kernels: ['5.10', '6.12'], why: x}"
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text() + f"except: [{every}]\n")
    assert lab("list", what).code == 0


# ---- report


def test_a_report_of_the_newest_run(stored: Lab) -> None:
    said = stored("report")
    assert said.code == 0
    assert (stored.root / "reports" / "html" / "index.html").exists()


def test_a_report_by_its_id_as_json(stored: Lab) -> None:
    assert stored("report", PLAN.id, "--json").json == stored("report", "--json").json


def test_a_run_that_is_not_there_is_2(stored: Lab) -> None:
    said = stored("report", "2025")
    assert said.code == 2
    assert f"the newest is {PLAN.id}" in said.err


def test_before_the_first_run_it_is_said_how_to_get_one(lab: Lab) -> None:
    said = lab("report")
    assert said.code == 2
    assert "run `lab run` first" in said.err


def test_evidence_that_is_damaged_is_3(stored: Lab) -> None:
    stored.write(f"reports/runs/{PLAN.id}/6.12/parisc/run.json", '{"release": null}')
    said = stored("report")
    assert said.code == 3
    assert "run.json is not evidence" in said.err


@pytest.mark.parametrize("name", ["plan.json", "6.12/parisc/run.json", "6.12/parisc/config.gz"])
def test_so_is_evidence_that_is_cut(stored: Lab, name: str) -> None:
    place = stored.root / "reports" / "runs" / PLAN.id / name
    place.write_bytes(place.read_bytes()[:20])
    assert stored("report").code == 3


def test_the_environment_says_where_runs_and_pages_are(
    stored: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stored.root / "reports" / "runs").rename(stored.root / "elsewhere")
    monkeypatch.setenv("LAB_RUNS", str(stored.root / "elsewhere"))
    monkeypatch.setenv("LAB_HTML", str(stored.root / "pages"))
    assert stored("report").code == 0
    assert (stored.root / "pages" / "index.html").exists()
    assert not (stored.root / "reports" / "html").exists()


# ---- show


def test_a_cell_with_what_was_seen_and_wanted_and_why(stored: Lab) -> None:
    said = stored("show", "wipe.zero@6.12/parisc")
    assert said.code == 0
    for word in ("wipe.zero@6.12/parisc", "A child reads zeros.", "expected 0, found 7", "bug 1"):
        assert word in said.out


def test_a_cell_for_programs(stored: Lab) -> None:
    said = stored("show", "wipe.zero@6.12/parisc", "--json", "--run", PLAN.id)
    assert said.code == 0
    assert "found 7" in str(said.json)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("wipe.zero", "'wipe.zero' is no cell: write CLAIM@KERNEL/ARCH, as in wipeonfork.child-"),
        ("wipe.zreo@6.12/parisc", "no cell 'wipe.zreo@6.12/parisc' (did you mean 'wipe.zero'?)"),
        ("wipe.zero@6.12/praisc", "(did you mean '6.12/parisc'?)"),
        ("wipe.zero@5.10/parisc", "has no cell"),
        ("", "is no cell"),
    ],
)
def test_a_cell_that_is_not_there_is_2_with_a_guess(stored: Lab, cell: str, said: str) -> None:
    answer = stored("show", cell)
    assert answer.code == 2
    assert said in answer.err


# ---- exec and shell


@pytest.mark.parametrize("words", [("exec", "6.12/praisc", "--", "true"), ("shell", "6.12/praisc")])
def test_a_guest_that_is_none_is_2_with_a_guess(lab: Lab, words: tuple[str, ...]) -> None:
    said = lab(*words)
    assert said.code == 2
    assert said.err == "there is no target '6.12/praisc' (did you mean '6.12/parisc'?)\n"


# ---- build


def parts(target: Target) -> Parts:
    place = Path("/cache/kernels/key")
    release = Release.parse(f"{target.kernel.name}.1")
    kernel = KernelFiles(release, "1-1", "made here", place, place, None, {}, ())
    return Parts(target, kernel, Path("/cache/initramfs"), {"suites": place}, "10.0")


def test_what_was_made_is_named_and_what_was_not_is_3(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(targets: list[Target], work: Work) -> dict[Target, Parts | str]:
        return {t: parts(t) if t.arch.name == "x86_64" else "no compiler" for t in targets}

    monkeypatch.setattr(schedule, "prepare_all", prepare)
    said = lab("build", "--kernel", "6.12")
    assert said.code == 3
    assert said.out == "6.12/x86_64: made here\n6.12/parisc: no compiler\n"
    said = lab("build", "--arch", "x86_64", "--json")
    assert said.code == 0
    assert list(said.json) == ["5.10/x86_64", "6.12/x86_64"]
    assert said.json["6.12/x86_64"]["release"] == "6.12.1"


def test_nothing_to_build_is_2(lab: Lab) -> None:
    assert lab("build", "--kernel", "7.3").code == 2


# ---- doctor


@pytest.fixture
def host(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A host on which all is well."""
    lab.write("images/install-host-packages", "#!/bin/sh\nexit 0\n")
    (lab.root / "images" / "install-host-packages").chmod(0o755)
    monkeypatch.setattr(doctor, "qemu_version", lambda arch: "10.0.2")
    monkeypatch.setattr(doctor, "_ROOM", 1)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    return lab


def test_a_host_that_has_all_is_0(host: Lab) -> None:
    said = host("doctor")
    assert said.code == 0
    assert "LACK" not in said.out
    assert "good  lab.yaml: 4 targets, 4 rules" in said.out


def test_it_is_said_how_to_mend_what_is_missing(host: Lab) -> None:
    host.write("images/install-host-packages", "#!/bin/sh\necho flex bison; exit 1\n")
    said = host("doctor", "--arch", "parisc")
    assert said.code == 3
    assert "LACK  packages: missing: flex bison" in said.out
    assert "mend: images/install-host-packages parisc" in said.out


def test_only_what_the_labs_arches_need_is_looked_for(host: Lab) -> None:
    host.write("images/install-host-packages", '#!/bin/sh\necho "for $*"; exit 1\n')
    assert "missing: for --check x86_64 parisc" in host("doctor").out
    assert "missing: for --check arm64" in host("doctor", "--arch", "arm64").out


def test_a_missing_emulator_is_3(host: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(arch: Arch) -> str:
        if arch == ARCHES["parisc"]:
            raise InfraError("qemu-system-hppa cannot be started", "lab doctor")
        return "10.0.2"

    monkeypatch.setattr(doctor, "qemu_version", version)
    assert host("doctor").code == 3
    assert host("doctor", "--arch", "x86_64").code == 0
    rows = host("doctor", "--json").json
    assert [row["what"] for row in rows if not row["good"]] == ["qemu-system-hppa"]


def test_a_lack_of_room_is_3(host: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_ROOM", 1 << 60)
    said = host("doctor")
    assert said.code == 3
    assert f"GiB free for {host.root}/cache" in said.out


def test_a_mistake_in_the_lab_is_among_the_findings(host: Lab) -> None:
    host.write("lab.yaml", "arches: [amd64]\n")
    said = host("doctor")
    assert said.code == 3
    assert "LACK  lab.yaml: lab.yaml:1:1: 'kernels' is missing" in said.out


def test_an_arch_that_is_none_is_2(host: Lab) -> None:
    assert host("doctor", "--arch", "amd64").code == 2
