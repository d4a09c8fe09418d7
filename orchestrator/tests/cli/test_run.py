"""lab run: what is chosen, what is refused, and the code that a matrix deserves."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from orchestrator import schedule
from orchestrator.cache import Cache
from orchestrator.cli import foresight
from orchestrator.errors import ConfigError, InfraError
from orchestrator.kernels import Foresight
from orchestrator.model import Arch, Kernel, Run, Start, Target, Verdict
from orchestrator.preparing import Work
from orchestrator.tests.cli.lab import SUITES, Lab, keep_run
from orchestrator.tests.matrices import observed, unreachable

CELLS = 4 * 3  # targets and claims, by default
FAIL, PASS = (Verdict.FAIL, "wipe.c:10"), (Verdict.PASS, "")
USUAL = {"parisc": {"wipe.zero": FAIL}, "x86_64": dict[str, tuple[Verdict, str]]()}


class Guests:
    """Stands in for all booting: evidence as the test wants it."""

    def __init__(self) -> None:
        self.targets: list[str] = []
        self.guests = 0
        self.work: list[Work] = []
        self.seen: Callable[[Target], Run | None] = usual
        self.during: Callable[[Work], None] = lambda work: None
        self.unkept: list[Run] = []  # of which the store does not know the end

    def run_all(self, targets: Sequence[Target], guests: int, work: Work) -> list[Run]:
        self.targets = [str(target) for target in targets]
        self.guests = guests
        self.work.append(work)
        for target in targets:
            if run := self.seen(target):
                keep_run(work.store, work.plan_id, run)
        self.during(work)
        return self.unkept


def usual(target: Target) -> Run:
    return observed(target.kernel.name, target.arch.name, SUITES, USUAL[target.arch.name])


@pytest.fixture
def guests(monkeypatch: pytest.MonkeyPatch) -> Guests:
    made = Guests()
    monkeypatch.setattr(schedule, "run_all", made.run_all)
    return made


def test_a_run_expects_what_the_one_before_it_took(lab: Lab, guests: Guests) -> None:
    guests.seen = lambda target: timed(usual(target), 4.0 if target.arch.name == "parisc" else 12.0)
    lab("run", "--fresh")
    lab("run", "--fresh")
    first, second = guests.work
    assert first.expected == {}
    took = {name.partition("/")[2]: seconds for name, seconds in second.expected.items()}
    assert took["x86_64"] > took["parisc"] > 1.0


def timed(run: Run, seconds: float) -> Run:
    boots = (replace(boot, ready=1.0, seconds=seconds) for boot in run.boots)
    return replace(run, boots=tuple(boots))


def test_a_source_that_is_wrong_does_not_hide_what_the_others_said(
    lab: Lab, guests: Guests
) -> None:
    def during(work: Work) -> None:
        raise ConfigError("mine/x86_64: x.patch does not apply")

    guests.during = during
    answer = lab("run")
    assert answer.code == 2
    assert answer.err.endswith("mine/x86_64: x.patch does not apply\n")
    assert "wipe" in answer.out


# ---- what would be run


def test_a_dry_run_says_what_would_be_run_and_runs_nothing(lab: Lab, guests: Guests) -> None:
    said = lab("run", "--dry-run")
    assert said.code == 0
    assert said.out.splitlines() == [
        f"4 targets x 3 claims = {CELLS} cells",
        "  5.10/x86_64: to be looked up, to be fetched",
        "  5.10/parisc: to be looked up, to be built",
        "  6.12/x86_64: to be looked up, to be fetched",
        "  6.12/parisc: to be looked up, to be built",
        *("  wipe: 2 claims", "  fork: 1 claims"),
        "at least 4 boots, 2 at a time; surprises up to 1 times more, "
        "less what earlier runs answer",
    ]
    assert guests.work == []
    assert lab.store.ids() == ()


@pytest.mark.parametrize(
    ("words", "targets", "claims"),
    [
        ("--kernel 6.*", 2, {"wipe": ["wipe.zero", "wipe.keep"], "fork": ["fork.copy"]}),
        ("--kernel 5.10 --kernel 6.12 --arch parisc", 2, None),
        ("--arch pa* --kernel 5.10", 1, None),
        ("--suite wipe", 4, {"wipe": ["wipe.zero", "wipe.keep"]}),
        ("--suite selfcheck", 4, {"selfcheck": ["selfcheck.fails"]}),
        ("--claim wipe.z*", 4, {"wipe": ["wipe.zero"]}),
        ("--claim *.fails", 4, {"selfcheck": ["selfcheck.fails"]}),
        ("--suite wipe --suite fork --claim *.copy", 4, {"fork": ["fork.copy"]}),
        ("--broken lie --suite fork", 4, {"fork": ["fork.copy"]}),
        ("--broken lie", 4, {"wipe": ["wipe.zero", "wipe.keep"]}),
    ],
)
def test_patterns_choose(
    lab: Lab, guests: Guests, words: str, targets: int, claims: dict[str, list[str]] | None
) -> None:
    said = lab("run", "--dry-run", "--json", *words.split())
    assert said.code == 0
    assert len(said.json["targets"]) == targets
    if claims is not None:
        assert said.json["suites"] == claims


def test_a_dry_run_knows_what_is_there_already(
    lab: Lab, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    def foresee(kernel: Kernel, arch: Arch, cache: Cache) -> Foresight:
        return Foresight(f"{kernel.name}.7-1", at_hand=arch.name == "parisc")

    monkeypatch.setattr(foresight, "foresee", foresee)
    said = lab("run", "--dry-run", "--kernel", "6.12", "--retries", "0", "-j", "3")
    assert said.out.splitlines()[1:3] == [
        "  6.12/x86_64: 6.12.7-1, to be fetched",
        "  6.12/parisc: 6.12.7-1, in the cache",
    ]
    last = said.out.splitlines()[-1]
    assert last == "at least 2 boots, 3 at a time, less what earlier runs answer"
    values = lab("run", "--dry-run", "--kernel", "6.12", "--json").json
    assert values["kernels"]["6.12/x86_64"] == {"version": "6.12.7-1", "to do": "fetch"}
    assert (values["cells"], values["retries"], values["times"]) == (6, 1, 1)
    said = lab("run", "--dry-run", "--kernel", "6.12", "--retries", "0", "-j", "3", "--times", "20")
    assert said.out.splitlines()[-1] == "at least 40 boots, 3 at a time"


def test_targets_that_were_left_out_are_told_with_those_that_were_not(lab: Lab) -> None:
    left_out = "except: [{arches: [parisc], kernels: ['5.10'], why: x}]\n"
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text() + left_out)
    said = lab("run", "--kernel", "5.10", "--arch", "parisc")
    assert said.code == 2
    assert "no target matches --kernel 5.10 --arch parisc; there are: 5.10/x86_64, 6" in said.err


def test_the_labs_own_choice_of_suites_is_the_default(lab: Lab, guests: Guests) -> None:
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text() + "suites: [fork]\n")
    assert list(lab("run", "--dry-run", "--json").json["suites"]) == ["fork"]
    assert list(lab("run", "--dry-run", "--json", "--suite", "w*").json["suites"]) == ["wipe"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--kernel 7.3", "--kernel '7.3' matches no kernel (accepted: 5.10, 6.12)"),
        ("--kernel 6.* --kernel 5.1", "--kernel '5.1' matches no kernel (did you mean '5.10'?)"),
        ("--arch amd64", "--arch 'amd64' matches no arch (accepted: x86_64, parisc)"),
        ("--suite wpie", "--suite 'wpie' matches no suite (did you mean 'wipe'?)"),
        ("--suite fork --suite x*", "--suite 'x*' matches no suite (accepted: wipe, fork, self"),
        ("--claim wipe.zreo", "--claim 'wipe.zreo' matches no claim (did you mean 'wipe.zero'?)"),
        ("--claim zero", "--claim 'zero' matches no claim (did you mean 'wipe.zero'?)"),
        ("--suite fork --claim wipe.zero", "--claim 'wipe.zero' matches no claim (accepted: fork"),
        ("--claim *.copy --claim none", "--claim 'none' matches no claim"),
        ("--arch hppa --kernel 4", "--kernel '4' matches no kernel"),
        ("--arch hppa --kernel 4", "--arch 'hppa' matches no arch"),
        ("--broken lei", "no variant of the suites is called 'lei' (did you mean 'lie'?)"),
    ],
)
def test_a_choice_of_nothing_is_2_and_said_with_what_there_is(
    lab: Lab, guests: Guests, words: str, said: str
) -> None:
    answer = lab("run", *words.split())
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert guests.work == []
    assert lab.store.ids() == ()


# ---- what is run


def test_what_is_chosen_is_run(lab: Lab, guests: Guests) -> None:
    lab("run", "--kernel", "6.*", "--claim", "wipe.z*", "--jobs", "3", "--refresh")
    (work,) = guests.work
    assert guests.targets == ["6.12/x86_64", "6.12/parisc"]
    assert guests.guests == 3
    assert work.suites == (SUITES[0],)  # whole: the guest numbers its claims
    assert work.chosen == {"wipe.zero"}
    assert work.refresh
    assert lab.store.ids() == (work.plan_id,)


def test_as_many_guests_as_the_lab_says(lab: Lab, guests: Guests) -> None:
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text() + "guests: {at_once: 5}\n")
    lab("run")
    assert guests.guests == 5


def test_as_wanted_is_0_and_has_a_page(lab: Lab, guests: Guests) -> None:
    said = lab("run")
    assert said.code == 0
    assert f"report: {lab.root}/reports/html/" in said.out
    assert (lab.root / "reports" / "html" / "index.html").exists()


def test_as_json_there_is_nothing_else_on_standard_output(lab: Lab, guests: Guests) -> None:
    said = lab("run", "--json")
    assert said.code == 0
    assert said.json == lab("report", "--json").json


def test_a_surprise_is_1(lab: Lab, guests: Guests) -> None:
    guests.seen = lambda target: observed(target.kernel.name, target.arch.name, SUITES, {})
    assert lab("run").code == 1  # parisc was wanted to fail
    assert lab("run", "--arch", "x86_64").code == 0


def test_what_was_not_reached_is_3(lab: Lab, guests: Guests) -> None:
    guests.seen = lambda target: (
        usual(target) if target.arch.name == "x86_64" else unreachable("6.12", "parisc")
    )
    assert lab("run", "--kernel", "6.12").code == 3


def test_a_target_without_evidence_is_3(lab: Lab, guests: Guests) -> None:
    guests.seen = lambda target: usual(target) if target.arch.name == "x86_64" else None
    assert lab("run").code == 3


def test_a_target_that_the_disk_did_not_take_says_so_and_is_3(lab: Lab, guests: Guests) -> None:
    guests.unkept = [replace(unreachable("6.12", "parisc"), infra="disk full", look="df -h x")]
    guests.seen = lambda target: usual(target) if target.arch.name == "x86_64" else None
    said = lab("run", "--kernel", "6.12")
    assert said.code == 3
    assert "disk full" in said.out
    assert "df -h x" in said.out


def test_a_report_that_the_disk_does_not_take_comes_after_the_matrix(
    lab: Lab, guests: Guests
) -> None:
    (lab.root / "reports").mkdir(exist_ok=True)
    (lab.root / "reports" / "html").write_text("in the way")
    said = lab("run")
    assert said.code == 3
    assert "12 cells planned, 12 reported" in said.out
    assert said.err.startswith("infra: the report cannot be written to ")


def test_a_surprise_counts_for_more_than_what_is_missing(lab: Lab, guests: Guests) -> None:
    bad = {"wipe.keep": FAIL}
    guests.seen = lambda target: (
        observed("6.12", "x86_64", SUITES, bad) if target.arch.name == "x86_64" else None
    )
    assert lab("run", "--kernel", "6.12").code == 1


def test_a_wrong_variant_does_not_become_the_report(lab: Lab, guests: Guests) -> None:
    said = lab("run", "--broken", "lie")
    assert guests.work[0].broken == "lie"
    assert "report:" not in said.out
    assert not (lab.root / "reports" / "html").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_is_130_and_what_was_seen_is_shown(
    lab: Lab, guests: Guests, number: signal.Signals
) -> None:
    before = signal.getsignal(number)
    guests.during = lambda work: os.kill(os.getpid(), number)
    said = lab("run", "--json")
    assert said.code == 130
    assert guests.work[0].stop
    assert len(said.json) > 0
    assert signal.getsignal(number) is before


def test_what_cannot_be_run_at_all_is_3_and_keeps_its_plan(lab: Lab, guests: Guests) -> None:
    def fail(work: Work) -> None:
        raise InfraError("disk full", "df -h .")

    guests.during = fail
    said = lab("run")
    assert (said.code, said.err) == (3, "infra: disk full\n  look further: df -h .\n")
    assert len(lab.store.ids()) == 1


def test_two_runs_are_two(lab: Lab, guests: Guests) -> None:
    lab("run")
    lab("run")
    assert len(lab.store.ids()) == 2


def test_the_result_is_judged_by_the_rules_of_now(lab: Lab, guests: Guests) -> None:
    guests.seen = lambda target: replace(usual(target), notes=("a note",))
    assert lab("run").code == 0
    lab.write("guest-tests/wipe/expect.yaml", "- {claims: wipe.*, want: pass, why: x}\n")
    assert lab("report").code == 1


# ---- how guests come to be ready


def test_guests_boot_unless_the_file_or_the_line_says_otherwise(lab: Lab, guests: Guests) -> None:
    lab("run")
    lab("run", "--boot", "auto")
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text() + "boot: snapshot\n")
    lab("run")
    lab("run", "--boot", "cold")
    ways = [Start.COLD, Start.AUTO, Start.SNAPSHOT, Start.COLD]
    assert [work.boot for work in guests.work] == ways
    assert [lab.store.plan(run).boot for run in lab.store.ids()] == ways


def test_a_run_is_finished_the_way_it_began(lab: Lab, guests: Guests) -> None:
    guests.seen = lambda target: None
    lab("run", "--boot", "auto", "--kernel", "6.12", "--arch", "x86_64")
    assert lab("run", "--resume", "--boot", "cold").code == 2
    lab("run", "--resume")
    assert [work.boot for work in guests.work][-1] is Start.AUTO
