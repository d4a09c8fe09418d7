"""Every lab.yaml that the documentation shows is one, and so is every one that is shipped."""

from __future__ import annotations

import re
import subprocess
import textwrap
from pathlib import Path

import pytest

from orchestrator import config
from orchestrator.model import Patch, Release

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^ *```yaml\n(.*?)^ *```", re.M | re.S)
EXAMPLES = [
    (page, number, textwrap.dedent(text))
    for page in ("README.md", "CONTRIBUTING.md", "docs/nightly.md")
    for number, text in enumerate(_BLOCK.findall((ROOT / page).read_text()))
    if re.search(r"^ *(kernels|nightly):", text, re.M)
]


def load(tmp_path: Path, text: str) -> config.Lab:
    """A lab.yaml where the files are that the examples speak of."""
    (tmp_path / "outgoing").mkdir()
    (tmp_path / "outgoing" / "0001.patch").touch()
    for name in ("guest-tests", "images"):
        (tmp_path / name).symlink_to(ROOT / name)
    if not text.startswith("arches:"):
        text = f"arches: [x86_64]\n{text}"
    if "kernels:" not in text:
        text = f"{text}kernels: [{{name: '6.12', debian: sid}}]\n"
    (tmp_path / "lab.yaml").write_text(text)
    return config.load(tmp_path / "lab.yaml")


@pytest.mark.parametrize(("page", "number", "text"), EXAMPLES, ids=lambda part: str(part)[:15])
def test_an_example_is_a_lab(tmp_path: Path, page: str, number: int, text: str) -> None:
    assert load(tmp_path, text).targets


def test_the_examples_are_found() -> None:
    assert [page for page, *_ in EXAMPLES] == [
        "README.md",
        *2 * ["CONTRIBUTING.md"],
        *2 * ["docs/nightly.md"],
    ]


@pytest.mark.parametrize("name", sorted(place.name for place in ROOT.glob("lab*.yaml")))
def test_what_is_shipped_is_a_lab(name: str) -> None:
    assert config.load(ROOT / name).targets


@pytest.mark.parametrize("place", sorted(ROOT.glob("lab*.yaml")), ids=lambda place: place.name)
def test_make_installs_what_its_arches_need(place: Path) -> None:
    """The Makefile finds them in the file before there is anything to read YAML with."""
    said = subprocess.run(
        ["make", "-n", "--no-print-directory", "host-packages", f"FILE={place.name}"],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout
    lab = config.load(place)
    assert {target.arch.name for target in lab.targets} == set(lab.arches)
    assert said.split() == ["images/install-host-packages", *lab.arches]


def test_the_series_that_is_shipped_is_three_patches_for_its_kernel_alone() -> None:
    plain, patched = (target.kernel for target in config.load(ROOT / "lab-pmadv.yaml").targets)
    assert (plain.name, patched.name) == ("7.3", "7.3+pmadv")
    series: tuple[Patch, ...] = getattr(patched.source, "patches", ())
    assert [patch.path.name[:5] for patch in series] == ["0001-", "0002-", "0003-"]
    assert all(patch.is_for(Release(7, 3)) for patch in series)
