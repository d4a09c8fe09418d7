"""lab nightly: what is run and what is not, what is told, and the code that a night deserves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from orchestrator import runner, schedule
from orchestrator.errors import ConfigError
from orchestrator.kernels.archive import Package
from orchestrator.kernels.files import KernelFiles
from orchestrator.model import Release, Run, Target
from orchestrator.nightly import culprits, delivery, discovery
from orchestrator.nightly.culprits import Culprit
from orchestrator.nightly.suspects import Hunt
from orchestrator.runner import Parts, Work
from orchestrator.stop import Stop
from orchestrator.tests.cli.lab import Lab, keep_run
from orchestrator.tests.cli.test_run import usual

MORE = """\
track:
  - {debian: sid, arches: [x86_64]}
"""


class Host:
    """Stands in for the archive, for all that is built, for all booting and all bisects."""

    def __init__(self) -> None:
        self.version = "6.12.117"  # of every kernel
        self.bad: set[str] = set()  # releases in which a child does not read zeros
        self.sid = ["7.2.12-1"]
        self.missing: set[str] = set()  # targets that cannot be made
        self.ran: list[list[str]] = []
        self.hunts: list[Hunt] = []
        self.wrong = ""
        self.interrupts = False

    def listings(self, suites: Sequence[str], *_: object, **__: object) -> Any:
        packages = [
            Package(f"linux-image-{one.partition('-')[0]}-cloud-amd64", one, "amd64", 1, "")
            for one in self.sid
        ]
        return dict.fromkeys(suites, packages), []

    def prepare_all(self, targets: Sequence[Target], work: Work) -> dict[Target, Parts | str]:
        there = KernelFiles(Release(1, 0), "", "", Path(), Path(), None, {}, ())
        return {
            target: "the mirror is gone"
            if str(target) in self.missing
            else Parts(target, there, Path(), {}, "10.0.2")
            for target in targets
        }

    def record(self, parts: Parts) -> Run:
        return replace(self.seen(parts.target), boots=())

    def seen(self, target: Target) -> Run:
        version = self.version
        if target.kernel.name.startswith("sid-"):
            version = target.kernel.name.removeprefix("sid-").partition("-")[0]
        run = usual(target)
        if version in self.bad and target.arch.name == "x86_64":
            boot = run.boots[0]
            text = boot.ktap["wipe"].replace("ok 2 wipe.keep", "not ok 2 wipe.keep # wipe.c:10")
            run = replace(run, boots=(replace(boot, ktap={**boot.ktap, "wipe": text}),))
        release = Release.parse(version)
        hashes = {**run.hashes, "image": version}
        return replace(run, release=release, version=f"{version}-1", hashes=hashes)

    def run_all(self, targets: Sequence[Target], guests: int, work: Work) -> list[Run]:
        self.ran.append([str(target) for target in targets])
        for target in targets:
            run = self.seen(target)
            if str(target) in self.missing:
                run = Run(run.target, run.kernel, run.arch, None, infra="the mirror is gone")
            keep_run(work.store, work.plan_id, run)
        if self.interrupts:
            work.stop.set()
        if self.wrong:
            raise ConfigError(self.wrong)
        return []

    def by_command(self, file: Path, logs: Path, stop: Stop) -> culprits.Bisect:
        def bisect(hunt: Hunt, seconds: float) -> Culprit:
            self.hunts.append(hunt)
            return culprits.told(hunt, 0, _REPORT, "")

        return bisect


_REPORT = json.dumps(
    {
        "id": "20261121T030000Z",
        "levels": [{"said": "6.12.118 is the first release where it is bad", "suspects": ["x"]}],
        "messages": [],
    }
).encode()


@pytest.fixture
def host(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Host:
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text() + MORE)
    made = Host()
    monkeypatch.setattr(discovery, "listings", made.listings)
    monkeypatch.setattr(schedule, "prepare_all", made.prepare_all)
    monkeypatch.setattr(schedule, "run_all", made.run_all)
    monkeypatch.setattr(runner, "record", made.record)
    monkeypatch.setattr(culprits, "by_command", made.by_command)
    return made


ALL = ["5.10/x86_64", "5.10/parisc", "6.12/x86_64", "6.12/parisc", "sid-7.2.12-1/x86_64"]


def test_the_first_night_runs_everything(lab: Lab, host: Host) -> None:
    said = lab("nightly")
    assert said.code == 0
    assert host.ran == [ALL]
    assert said.out.startswith("# First night, with nothing to compare\n")
    assert "report:" in said.err


def test_a_night_in_which_nothing_changed_boots_nothing_and_is_one_line(
    lab: Lab, host: Host
) -> None:
    lab("nightly")
    (first,) = lab.store.ids()
    said = lab("nightly")
    assert said.code == 0
    assert len(host.ran) == 1
    assert said.out.startswith("No news on 20")
    assert f"0 of 5 targets measured, 5 carried over from {first}" in said.out
    assert said.out.count("\n") == 1


def test_everything_is_run_when_that_is_asked_for(lab: Lab, host: Host) -> None:
    lab("nightly")
    assert "everything anew on 5 targets" in lab("nightly", "--full").out
    assert host.ran == [ALL, ALL]


def test_what_changed_is_run_and_a_regression_is_1_and_bisected(lab: Lab, host: Host) -> None:
    lab("nightly")
    host.version, host.bad = "6.12.118", {"6.12.118"}
    said = lab("nightly")
    assert said.code == 1
    assert host.ran[1] == ALL[:4]
    assert said.out.startswith("# 2 regressions on 5.10/x86_64, 6.12/x86_64\n")
    assert "**found**: 6.12.118 is the first release where it is bad" in said.out
    assert [hunt.words for hunt in host.hunts] == [
        ("bisect", "wipe.keep", "--arch", "x86_64", "--good", "6.12.117", "--bad", "6.12.118")
    ] * 2
    assert lab("nightly").code == 0  # it is told once


def test_a_new_kernel_of_a_track_is_a_column_held_against_the_one_before(
    lab: Lab, host: Host
) -> None:
    lab("nightly")
    host.sid, host.bad = ["7.2.12-1", "7.3.4-1"], {"7.3.4"}
    said = lab("nightly", "--json")
    assert said.code == 1
    assert host.ran[1] == ["sid-7.3.4-1/x86_64"]
    assert [c["target"] for c in said.json["culprits"]] == ["sid-7.3.4-1/x86_64"]
    assert said.json["changes"]["gone_targets"] == ["sid-7.2.12-1/x86_64"]


def test_the_kernels_of_tracks_are_targets_of_every_verb(lab: Lab, host: Host) -> None:
    names = "sid-7.2.12-1"
    assert names not in lab("list", "kernels").out
    lab("nightly")
    assert names in lab("list", "kernels").out
    lab("run", "--kernel", names)
    assert host.ran[1] == ["sid-7.2.12-1/x86_64"]
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text().replace(MORE, ""))
    assert names not in lab("list", "kernels").out


def test_what_could_not_be_had_is_3_and_does_not_hide_the_rest(lab: Lab, host: Host) -> None:
    lab("nightly")
    host.version, host.missing = "6.12.118", {"6.12/parisc"}
    said = lab("nightly")
    assert said.code == 3
    assert "3 cells not seen" in said.out.splitlines()[0]
    assert "the mirror is gone" in said.out


def test_a_kernel_that_cannot_be_made_as_asked_is_2_after_the_summary(lab: Lab, host: Host) -> None:
    host.wrong = "mine/x86_64: x.patch does not apply"
    said = lab("nightly")
    assert (said.code, said.err.splitlines()[-1]) == (2, host.wrong)
    assert said.out.startswith("# First night")


def test_an_interrupted_night_is_130_and_the_next_goes_on_from_its_evidence(
    lab: Lab, host: Host
) -> None:
    host.interrupts = True
    said = lab("nightly")
    assert (said.code, said.out) == (130, "")
    host.interrupts = False
    assert "First night" in lab("nightly").out
    assert host.ran == [ALL, ALL]  # a first night is whole


def test_the_summary_is_kept_and_shown_again(lab: Lab, host: Host) -> None:
    said = lab("nightly")
    (night,) = (lab.root / "reports" / "nights").glob("*/night.json")
    assert (night.parent / "summary.md").read_text() == said.out
    assert lab("nightly", "--show", "latest").out == said.out
    assert lab("nightly", "--show", night.parent.name, "--json").json["text"] == said.out
    assert host.ran == [ALL]


def test_a_night_that_there_is_not_is_2(lab: Lab, host: Host) -> None:
    said = lab("nightly", "--show", "latest")
    assert said.code == 2
    assert "`lab nightly` makes the first" in said.err


# ---- who is told


class Post:
    """Stands in for everybody who is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.letters: list[str] = []
        self.posts: list[Any] = []
        self.refuses = False
        monkeypatch.setattr(delivery, "send_mail", self._mail)
        monkeypatch.setattr(delivery, "post", lambda data, url: self.posts.append((url, data)))

    def _mail(self, letter: Any, mail: object) -> None:
        if self.refuses:
            raise OSError("the server says no")
        self.letters.append(letter["Subject"])


@pytest.fixture
def post(lab: Lab, host: Host, monkeypatch: pytest.MonkeyPatch) -> Post:
    nightly = "nightly: {mail: {to: a@b.c, from: d@e.f}, webhook: https://x.y/z}\n"
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text() + nightly)
    return Post(monkeypatch)


def test_everybody_is_told(lab: Lab, post: Post) -> None:
    lab("nightly")
    assert post.letters == ["[kernel-lab] First night, with nothing to compare"]
    ((url, data),) = post.posts
    assert url == "https://x.y/z"
    assert data["text"].startswith("# First night")


def test_who_wants_news_alone_is_not_told_that_there_are_none(lab: Lab, post: Post) -> None:
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text().replace("{mail", "{tell: news, mail"))
    lab("nightly")
    lab("nightly")
    assert len(post.letters) == len(post.posts) == 1


def test_a_letter_that_is_refused_is_3_and_loses_nothing(lab: Lab, post: Post) -> None:
    post.refuses = True
    said = lab("nightly")
    assert said.code == 3
    assert said.err.splitlines()[-1] == "infra: mail to a@b.c was not sent: the server says no"
    assert len(post.posts) == 1
    post.refuses = False
    again = lab("nightly", "--deliver", "latest")
    assert (again.code, again.out) == (0, said.out)
    assert len(post.letters) == 1


def test_a_regression_counts_for_more_than_a_letter(lab: Lab, host: Host, post: Post) -> None:
    lab("nightly")
    host.version, host.bad, post.refuses = "6.12.118", {"6.12.118"}, True
    assert lab("nightly").code == 1


def test_what_is_sent_is_what_was_said(lab: Lab, host: Host, post: Post) -> None:
    assert lab("nightly", "--json").json == post.posts[0][1]
