"""lab nightly: what is run and what is not, what is told, and the code that a night deserves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from orchestrator import preparing, runner
from orchestrator.errors import ConfigError, InfraError
from orchestrator.guests.errand import Errand
from orchestrator.guests.life import Equipment
from orchestrator.kernels import KernelFiles
from orchestrator.kernels.archive import Package
from orchestrator.model import Boot, Ending, Release, Target
from orchestrator.nightly import culprits, delivery, discovery
from orchestrator.nightly.culprits import Culprit
from orchestrator.nightly.record import Nights
from orchestrator.nightly.suspects import Hunt
from orchestrator.preparing import Parts, Work
from orchestrator.results.store import read_ktap
from orchestrator.stop import Stop
from orchestrator.tests.cli.lab import SUITES, Lab
from orchestrator.tests.cli.test_run import FAIL, USUAL
from orchestrator.tests.matrices import ktap


class Host:
    """Stands in for the archive, for all that is built and booted, and for all bisects."""

    def __init__(self, place: Path) -> None:
        self.version = "6.12.117"  # of every kernel but sid's
        self.sid = ["7.2.12-1"]
        self.bad: set[str] = set()  # releases on x86_64 in which the parent loses its bytes
        self.missing: set[str] = set()  # targets that cannot be had
        self.wrong: set[str] = set()  # those that cannot be had as lab.yaml has them
        self.booted: list[str] = []
        self.hunts: list[Hunt] = []
        self.interrupts = ""  # the target during which somebody presses Ctrl-C
        self._file = place / "config"
        self._file.write_text("CONFIG_KSM=y\n")

    def listings(self, suites: Sequence[str], *_: object, **__: object) -> Any:
        packages = [
            Package(f"linux-image-{one.partition('-')[0]}-cloud-amd64", one, "amd64", 1, "")
            for one in self.sid
        ]
        return dict.fromkeys(suites, packages), []

    def prepare(self, target: Target, work: Work) -> Parts:
        assert work.refresh  # a night looks for newer kernels
        if str(target) in self.missing:
            raise InfraError("the mirror is gone")
        if str(target) in self.wrong:
            raise ConfigError("x.patch does not apply")
        version = self.version
        if target.kernel.name.startswith("sid-"):
            version = target.kernel.name.removeprefix("sid-").partition("-")[0]
        release = Release.parse(version)
        image = self._file.with_name(f"{version}@{target.kernel.name}@{target.arch.name}")
        hashes = {image.name: image.name, self._file.name: "1"}
        kernel = KernelFiles(release, f"{version}-1", "", image, self._file, None, hashes, ())
        suites = {suite.name: suite.name for suite in work.suites}
        return Parts(target, kernel, self._file, {"suites": self._file}, "10.0.2", suites=suites)

    def live(
        self, number: int, errands: Sequence[Errand], equipment: Equipment, directory: Path
    ) -> Boot:
        version, kernel, arch = equipment.machine(3).image.name.split("@")
        self.booted.append(f"{kernel}/{arch}")
        if self.interrupts == f"{kernel}/{arch}":
            equipment.stop.set()
        seen = dict(USUAL[arch])
        if version in self.bad and arch == "x86_64":
            seen["wipe.keep"] = FAIL
        for errand in errands:
            (claims,) = (suite.claims for suite in SUITES if suite.name == errand.suite)
            (directory / f"{errand.suite}.ktap").write_text(ktap(claims, seen))
        return Boot(number, Ending.DONE, ready=1.0, ktap=read_ktap(directory))

    def by_command(self, file: Path, logs: Path, stop: Stop) -> culprits.Bisect:
        def bisect(hunt: Hunt, later: Sequence[Hunt], seconds: float) -> Culprit:
            self.hunts.append(hunt)
            return culprits.told(hunt, 0, _REPORT, "")

        return bisect

    def ran(self) -> set[str]:
        """The targets that were booted since this was asked last."""
        found = set(self.booted)
        self.booted.clear()
        return found


_REPORT = json.dumps(
    {
        "id": "20261121T030000Z",
        "levels": [{"said": "6.12.118 is the first release where it is bad", "suspects": ["x"]}],
        "messages": [],
    }
).encode()


@pytest.fixture
def host(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    more = "track: [{debian: sid, arches: [x86_64]}]\nretries: 0\n"
    lab.write("lab.yaml", (lab.root / "lab.yaml").read_text() + more)
    made = Host(tmp_path)
    monkeypatch.setattr(discovery, "listings", made.listings)
    monkeypatch.setattr(preparing, "prepare", made.prepare)
    monkeypatch.setattr(runner, "live", made.live)
    monkeypatch.setattr(culprits, "by_command", made.by_command)
    return made


OWN = {"5.10/x86_64", "5.10/parisc", "6.12/x86_64", "6.12/parisc"}
ALL = {*OWN, "sid-7.2.12-1/x86_64"}


def test_the_first_night_runs_everything(lab: Lab, host: Host) -> None:
    said = lab("nightly")
    assert said.code == 0
    assert host.ran() == ALL
    assert said.out.startswith("# First night, with nothing to compare\n")
    assert "report:" in said.err


def test_a_night_in_which_nothing_changed_boots_nothing_and_is_one_line(
    lab: Lab, host: Host
) -> None:
    lab("nightly")
    (first,) = lab.store.ids()
    host.ran()
    said = lab("nightly")
    assert said.code == 0
    assert host.ran() == set()
    assert said.out.startswith("No news on 20")
    assert f"0 of 5 targets measured, the rest in {first}" in said.out
    assert said.out.count("\n") == 1


def test_the_night_is_a_run_like_any_other(lab: Lab, host: Host) -> None:
    lab("nightly")
    lab("nightly")
    first, second = lab.store.ids()
    assert lab("diff", first, second).code == 0
    shown = lab("show", "wipe.keep@6.12/x86_64", "--run", second)
    assert first in shown.out  # where it was measured


def test_everything_is_run_when_that_is_asked_for(lab: Lab, host: Host) -> None:
    lab("nightly")
    host.ran()
    assert "everything anew on 5 targets" in lab("nightly", "--full").out
    assert host.ran() == ALL


def test_what_changed_is_run_and_a_regression_is_1_and_bisected(lab: Lab, host: Host) -> None:
    lab("nightly")
    host.ran()
    host.version, host.bad = "6.12.118", {"6.12.118"}
    said = lab("nightly")
    assert said.code == 1
    assert host.ran() == OWN
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
    host.ran()
    host.sid, host.bad = ["7.2.12-1", "7.3.4-1"], {"7.3.4"}
    said = lab("nightly", "--json")
    assert said.code == 1
    assert host.ran() == {"sid-7.3.4-1/x86_64"}
    assert [c["target"] for c in said.json["culprits"]] == ["sid-7.3.4-1/x86_64"]
    assert said.json["changes"]["gone_targets"] == ["sid-7.2.12-1/x86_64"]
    (new,) = (column for column in said.json["columns"] if column["tonight"])
    assert new["why"] == "new, after sid-7.2.12-1/x86_64"


def test_the_kernels_of_tracks_are_targets_of_every_verb(lab: Lab, host: Host) -> None:
    name = "sid-7.2.12-1"
    assert name not in lab("list", "kernels").out
    lab("nightly")
    assert name in lab("list", "kernels").out
    assert lab("run", "--kernel", name, "--dry-run", "--json").json["targets"] == [f"{name}/x86_64"]
    text = (lab.root / "lab.yaml").read_text()
    lab.write("lab.yaml", text.replace("debian: sid", "debian: forky"))
    assert name not in lab("list", "kernels").out


def test_what_could_not_be_had_is_3_and_does_not_hide_the_rest(lab: Lab, host: Host) -> None:
    lab("nightly")
    host.version, host.missing = "6.12.118", {"6.12/parisc"}
    said = lab("nightly")
    assert said.code == 3
    assert "3 cells not seen" in said.out.splitlines()[0]
    assert "the mirror is gone" in said.out


def test_what_regressed_meanwhile_is_told_when_it_is_seen(lab: Lab, host: Host) -> None:
    lab("nightly")
    host.version, host.bad, host.missing = "6.12.118", {"6.12.118"}, {"6.12/x86_64", "5.10/x86_64"}
    assert lab("nightly").code == 3
    host.missing = {"5.10/x86_64"}
    said = lab("nightly", "--json")
    assert said.code == 1
    assert [culprit["target"] for culprit in said.json["culprits"]] == ["6.12/x86_64"]


def test_a_kernel_that_cannot_be_made_as_asked_is_2_after_the_summary(lab: Lab, host: Host) -> None:
    host.wrong = {"6.12/parisc"}
    said = lab("nightly")
    assert (said.code, said.err.splitlines()[-1]) == (2, "6.12/parisc: x.patch does not apply")
    assert said.out.startswith("# First night")


def test_an_interrupted_night_is_130_and_the_next_goes_on_from_its_evidence(
    lab: Lab, host: Host
) -> None:
    lab("nightly")
    host.ran()
    host.version, host.interrupts = "6.12.118", "6.12/parisc"
    said = lab("nightly", "-j", "1")
    assert (said.code, said.out) == (130, "")
    measured = host.ran() - {"6.12/parisc"}
    host.interrupts = ""
    assert lab("nightly").out.startswith("# No regression")
    assert not host.ran() & measured


def test_the_summary_is_kept_and_shown_again(lab: Lab, host: Host) -> None:
    said = lab("nightly")
    (night,) = (lab.root / "reports" / "nights").glob("*/night.json")
    assert (night.parent / "summary.md").read_text() == said.out
    host.ran()
    assert lab("nightly", "--show", "latest").out == said.out
    assert lab("nightly", "--show", night.parent.name, "--json").json["text"] == said.out
    assert host.ran() == set()


def test_a_summary_that_the_disk_does_not_take_is_said_all_the_same(
    lab: Lab, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise InfraError("disk full", "df -h .")

    monkeypatch.setattr(Nights, "keep_summary", full)
    said = lab("nightly")
    assert said.code == 3
    assert said.out.startswith("# First night")
    assert "infra: disk full" in said.err


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
