"""The ready-made units of docs/nightly/: right by the tools that will read them, and what they
run is what the lab understands.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from orchestrator.cli import app

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "docs" / "nightly"
PLACE = "/opt/kernel-lab"  # where the systemd units have the lab
SYSTEMD = ("lab-nightly.service", "lab-nightly.timer")
SUMMARY = "No news.\n"


def yaml_of(name: str) -> Any:
    return yaml.safe_load((UNITS / name).read_text())


def github() -> list[str]:
    """What its steps run."""
    steps = yaml_of("github-nightly.yml")["jobs"]["nightly"]["steps"]
    return [step["run"] for step in steps if "run" in step]


def gitlab() -> list[str]:
    """What its scripts run."""
    job = yaml_of("gitlab-nightly.yml")["nightly"]
    return [*job["before_script"], *job["script"], *job["after_script"]]


def systemd() -> list[str]:
    """What the service runs."""
    text = (UNITS / "lab-nightly.service").read_text()
    return re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)


def commands() -> Iterator[list[str]]:
    """The lab's own, without the redirections of a shell."""
    for line in (*github(), *gitlab(), *systemd()):
        words = shlex.split(line.partition(">>")[0])
        if words[0].endswith("lab"):
            yield words[1:]


def laid_out(place: Path) -> list[Path]:
    """The systemd units, with a lab where they look for it."""
    program = place / ".venv" / "bin" / "lab"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    found = []
    for name in SYSTEMD:
        found.append(place / name)
        found[-1].write_text((UNITS / name).read_text().replace(PLACE, str(place)))
    return found


def verified(units: list[Path]) -> str:
    """What systemd has to say about them; it ends well also where it leaves a line out."""
    argv = ["systemd-analyze", "verify", "--man=no", *map(str, units)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}" + (f"exit {done.returncode}" if done.returncode else "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this host has no systemd-analyze")
def test_systemd_takes_its_units(tmp_path: Path) -> None:
    units = laid_out(tmp_path)
    assert verified(units) == ""
    units[0].write_text(units[0].read_text().replace("KillMode", "KilMode"))
    assert "KilMode" in verified(units)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("github-nightly.yml", ["vendor.github-workflows"]),
        ("gitlab-nightly.yml", ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"]),
    ],
)
def test_a_pipeline_is_of_its_services_form(tmp_path: Path, name: str, schema: list[str]) -> None:
    def check(path: Path) -> int:
        argv = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", *schema, str(path)]
        return subprocess.run(argv, capture_output=True, check=False).returncode

    assert check(UNITS / name) == 0
    spoilt = tmp_path / name
    spoilt.write_text((UNITS / name).read_text().replace("always", "sometimes: [yes"))
    assert check(spoilt) != 0
    spoilt.write_text(
        re.sub(r"^( *)(steps|script):$", r"\1\2: 3\n\1x:", (UNITS / name).read_text(), flags=re.M)
    )
    assert check(spoilt) != 0


def test_each_of_them_runs_a_night() -> None:
    nights = [words for words in commands() if words == ["nightly"]]
    assert len(nights) == 3


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_the_lab_understands_what_they_run(words: list[str]) -> None:
    group = typer.main.get_command(app)
    with group.make_context("lab", list(words)) as context:
        name, verb, rest = group.resolve_command(context, words)  # type: ignore[attr-defined]
        assert name == words[0]
        verb.make_context(name, rest, parent=context)


def test_the_makefile_has_what_they_make() -> None:
    made = {line.split()[1] for line in (*github(), *gitlab()) if line.startswith("make ")}
    makefile = (ROOT / "Makefile").read_text()
    assert made == {"setup"}
    assert re.search(r"^setup:", makefile, re.MULTILINE)


def test_evidence_is_kept_from_night_to_night_and_the_repository_is_not() -> None:
    github = (UNITS / "github-nightly.yml").read_text()
    gitlab = yaml_of("gitlab-nightly.yml")["nightly"]["cache"]["paths"]
    kept = {f"reports/{part}" for part in ("bisects", "nights", "runs")}
    assert {path for path in gitlab if path.startswith("reports")} == kept
    assert set(re.findall(r"^ {12}(reports/\S+)$", github, re.MULTILINE)) == kept


def test_the_summary_of_the_job_is_that_of_the_night(tmp_path: Path) -> None:
    """The very line of the workflow, in a shell, with a night to show."""
    (line,) = (line for line in github() if "--show" in line)
    night = tmp_path / "reports" / "nights" / "20261121T020000Z"
    night.mkdir(parents=True)
    for name, text in {"night.json": "{}", "summary.md": SUMMARY, "summary.json": "{}"}.items():
        (night / name).write_text(text)
    (tmp_path / "lab.yaml").write_text("arches: [x86_64]\nkernels: [{name: '6.12', debian: sid}]\n")
    program = tmp_path / ".venv" / "bin" / "lab"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m orchestrator "$@"\n')
    program.chmod(0o755)
    env = {"GITHUB_STEP_SUMMARY": str(tmp_path / "said.md"), "PATH": "/usr/bin:/bin"}
    env["PYTHONPATH"] = str(ROOT)
    subprocess.run(["sh", "-e", "-c", line], cwd=tmp_path, env=env, check=True)
    assert (tmp_path / "said.md").read_text() == SUMMARY
