"""lab.yaml: what it says is taken, and each mistake in it is named with its place."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator import config
from orchestrator.arches import ARCHES
from orchestrator.errors import ConfigError
from orchestrator.model import (
    DebianSource,
    DebianTrack,
    Encryption,
    GitSource,
    GitTrack,
    ImageSource,
    Mail,
    Nightly,
    Patch,
    Release,
    Server,
    Source,
    Start,
    TarballSource,
    TreeSource,
    Verdict,
    Webhook,
    When,
)

GOOD = """\
arches: [x86_64, parisc]
kernels:
  - {name: "5.10", debian: [bullseye-security, bullseye]}
  - name: mine
    debian: {suites: sid, version: "7.3", flavour: amd64}
"""


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Lists and mappings, with the keys of a lab.yaml more often than others."""
    keys = st.sampled_from(
        [
            *("arches", "kernels", "name", "debian", "suites", "except", "expect", "headers", "of"),
            *("track", "git", "branch", "nightly", "mail", "to", "webhook"),
        ]
    )
    return st.lists(inner) | st.dictionaries(keys | st.text(), inner)


def load(tmp_path: Path, text: str) -> config.Lab:
    file = tmp_path / "lab.yaml"
    file.write_text(text)
    return config.load(file)


def complaints(tmp_path: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    return caught.value.complaints


def test_every_kernel_on_every_arch(tmp_path: Path) -> None:
    lab = load(tmp_path, GOOD)
    assert [str(target) for target in lab.targets] == [
        "5.10/x86_64", "5.10/parisc", "mine/x86_64", "mine/parisc",
    ]  # fmt: skip
    assert lab.root == tmp_path
    assert lab.targets[3].kernel.source == DebianSource(("sid",), "7.3", "amd64")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (GOOD.replace('"5.10"', "5.10"), "3:6"),
        (GOOD.replace('"7.3"', "5.10"), "5:27"),
        (GOOD + "except: [{arches: [parisc], kernels: [5.10], why: x}]\n", "6:39"),
        (GOOD + "except: [{arches: [parisc], kernels: 5.10, why: x}]\n", "6:29"),
        (GOOD + "suites: [{kselftest: mm, of: 5.10, tests: [a]}]\n", "6:26"),
        (GOOD + '  - {name: "7.3", debian: sid, headers: 5.10}\n', "6:32"),
    ],
)
def test_a_series_without_quotes_is_said_to_be_a_number(
    tmp_path: Path, text: str, place: str
) -> None:
    assert complaints(tmp_path, text)[-1] == (
        f"lab.yaml:{place}: without quotes this is the number 5.1 to YAML: "
        "write it in quotes, '5.10'"
    )


def test_names_and_what_they_refer_to_are_looked_at_in_a_file_with_other_mistakes(
    tmp_path: Path,
) -> None:
    said = complaints(
        tmp_path,
        GOOD.replace("mine", "'5.10'") + "suits: []\nsuites: [nothing]\nguests: {at_once: 0}\n",
    )
    assert [line.split(": ")[0] for line in said] == [
        f"lab.yaml:{place}" for place in ("4:5", "6:1", "7:10", "8:10")
    ]


@pytest.mark.parametrize("text", ["7", "[a]", "arches: 1\nkernels: {a: b}", "kernels: [1, [2]]"])
def test_a_file_of_another_kind_is_a_mistake_and_no_more(tmp_path: Path, text: str) -> None:
    assert complaints(tmp_path, text + "\n")


@settings(max_examples=30)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), _nested, max_leaves=20))
def test_whatever_is_in_the_file_is_a_lab_or_a_mistake(data: object) -> None:
    with tempfile.TemporaryDirectory() as place, contextlib.suppress(ConfigError):
        load(Path(place), yaml.safe_dump(data))


@settings(max_examples=30)
@given(st.binary(max_size=200))
def test_whatever_bytes_it_is_made_of_too(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as place, contextlib.suppress(ConfigError):
        (Path(place) / "lab.yaml").write_bytes(data)
        config.load(Path(place) / "lab.yaml")


def test_a_kernel_is_built_where_that_is_asked_for(tmp_path: Path) -> None:
    text = GOOD + '  - {name: ours, debian: {suites: sid, version: "7.3", build: true}}\n'
    on_x86 = [target for target in load(tmp_path, text).targets if target.arch.name == "x86_64"]
    built = {target.kernel.name: target.is_built for target in on_x86}
    assert built == {"5.10": False, "mine": False, "ours": True}
    assert on_x86[-1].kernel.source == DebianSource(("sid",), "7.3", build=True)


@pytest.mark.parametrize(
    "entry", ["{name: mine, debian: sid}", "{name: x, debian: {suites: sid, version: newest}}"]
)
def test_a_version_that_is_none_is_a_mistake_in_the_file(tmp_path: Path, entry: str) -> None:
    (line,) = complaints(tmp_path, f"arches: [arm64]\nkernels:\n  - {entry}\n")
    assert line.startswith("lab.yaml:3:")


def test_suites_are_built_with_another_kernels_headers(tmp_path: Path) -> None:
    text = GOOD + '  - {name: "7.3+old", debian: sid, headers: "5.10"}\n'
    kernels = {target.kernel.name: target.kernel for target in load(tmp_path, text).targets}
    assert kernels["7.3+old"].headers == kernels["5.10"]
    assert kernels["5.10"].headers is None
    (line,) = complaints(tmp_path, text.replace('headers: "5.10"', 'headers: "5.11"'))
    assert line.startswith("lab.yaml:")
    assert "unknown kernel '5.11' (did you mean '5.10'?)" in line


def test_exceptions_take_targets_out_and_rules_come_with_their_place(tmp_path: Path) -> None:
    text = GOOD + (
        "except: [{arches: [parisc], kernels: mine, why: no such package}]\n"
        "expect:\n  - {claims: a.b, want: fail, since: 7.0, why: abcdef}\n"
    )
    lab = load(tmp_path, text)
    assert [str(target) for target in lab.targets][-1] == "mine/x86_64"
    assert lab.rules[0].want is Verdict.FAIL
    assert lab.rules[0].place == "lab.yaml:8:5"


def test_a_kernel_may_be_for_some_arches_alone(tmp_path: Path) -> None:
    text = GOOD.replace("name: mine\n", "name: mine\n    arches: [x86_64]\n")
    assert text != GOOD
    named = [str(target) for target in load(tmp_path, text).targets]
    assert named == ["5.10/x86_64", "5.10/parisc", "mine/x86_64"]
    (line,) = complaints(tmp_path, text.replace("arches: [x86_64]\n", "arches: [arm64]\n"))
    assert "unknown arch 'arm64'" in line


def test_a_suite_may_be_the_kernels_own_tests(tmp_path: Path) -> None:
    lab = load(tmp_path, GOOD + "suites: [{kselftest: net/tcp, of: mine, tests: [a, b_c-d]}]\n")
    (tests,) = lab.kselftests
    assert (tests.directory, tests.of.name, tests.tests) == ("net/tcp", "mine", ("a", "b_c-d"))
    assert lab.suites == ("kselftest-net-tcp",) == (tests.suite,)


def source(tmp_path: Path, entry: str) -> Source:
    """What an entry under ``kernels:`` says."""
    return load(tmp_path, f"{GOOD}  - {{name: new, {entry}}}\n").targets[-1].kernel.source


def test_a_kernel_may_come_from_anywhere(tmp_path: Path) -> None:
    linux, url = tmp_path.parent / "linux", "https://git.kernel.org/linux.git"
    said = {
        "source: {git: ../linux, rev: v7.1}": GitSource(str(linux), "v7.1"),
        "source: {git: /src/linux, rev: my-series}": GitSource("/src/linux", "my-series"),
        f'source: {{git: "{url}", rev: master}}': GitSource(url, "master"),
        'source: {git: "me@host:linux", rev: master}': GitSource("me@host:linux", "master"),
        "source: {tree: ../linux}": TreeSource(linux),
        "source: {tarball: ~/linux-7.1.tar.xz}": TarballSource(Path.home() / "linux-7.1.tar.xz"),
        "image: ../linux/vmlinux": ImageSource(linux / "vmlinux"),
        "image: {file: bzImage, modules: m, config: c}": ImageSource(
            tmp_path / "bzImage", tmp_path / "m", tmp_path / "c"
        ),
    }
    assert {entry: source(tmp_path, entry) for entry in said} == said


def test_patches_are_files_or_series_of_them_for_a_range_of_releases(tmp_path: Path) -> None:
    (tmp_path / "series").mkdir()
    one, two, other = (tmp_path / name for name in ("series/1.patch", "series/2.patch", "x.patch"))
    for place in (two, one, other):
        place.touch()
    release = Release(7, 2)
    for entry, patches in {
        "patches: x.patch": (Patch(other),),
        "patches: series/*.patch": (Patch(one), Patch(two)),
        'patches: [x.patch, {patch: series/*, since: "7.2"}]': (
            Patch(other),
            Patch(one, release),
            Patch(two, release),
        ),
        'patches: {patch: x.patch, until: "7.2"}': (Patch(other, until=release),),
    }.items():
        assert source(tmp_path, "source: {tree: t}, " + entry) == TreeSource(
            tmp_path / "t", patches
        )
    assert source(tmp_path, 'debian: {suites: sid, version: "7.3"}, patches: x.patch') == (
        DebianSource(("sid",), "7.3", patches=(Patch(other),))
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("headers: mine", "6:5: a kernel has one of 'debian', 'source' and 'image'"),
        ("debian: sid, image: b", "6:5: a kernel has one of 'debian', 'source' and 'image'"),
        ("source: {rev: v7.1}", "6:17: a source is one of 'git' (with a 'rev'), 'tree'"),
        ("source: {git: g, tree: t}", "6:17: a source is one of 'git' (with a 'rev'), 'tree'"),
        ("source: {git: g}", "6:17: 'git' needs a 'rev', and nothing else has one"),
        ("source: {tree: t, rev: x}", "6:17: 'git' needs a 'rev', and nothing else has one"),
        ("source: {git: g, rev: 7.1}", "6:34: without quotes this is the number 7.1 to YAML"),
        ("source: {tree: t}, patches: [no*]", "6:46: no file matches 'no*', seen from /"),
        ("source: {tree: t}, patches: {patch: gone}", "6:46: no file matches 'gone', seen from /"),
        ("image: b, patches: lab.yaml", "6:5: 'patches' are for source code"),
        ("source: {tree: t}, headers: new", "6:36: kernel 'new' is not of 'debian'"),
    ],
)  # fmt: skip
def test_a_source_that_makes_no_sense(tmp_path: Path, entry: str, said: str) -> None:
    text = f"{GOOD}  - {{name: new, {entry}}}\n"
    assert any(line.startswith(f"lab.yaml:{said}") for line in complaints(tmp_path, text))


def test_a_rule_may_name_kernels_that_there_are(tmp_path: Path) -> None:
    rule = "expect:\n  - {claims: a.b, want: fail, why: x, kernels: %s}\n"
    assert load(tmp_path, GOOD + rule % '["5.*", mine]').rules[0].kernels == ("5.*", "mine")
    (line,) = complaints(tmp_path, GOOD + rule % "mien")
    assert line.endswith("no kernel is called 'mien' (did you mean 'mine'?)")


def test_tracks_follow_suites_and_branches(tmp_path: Path) -> None:
    text = """\
track:
  - {debian: sid}
  - {debian: [experimental, sid], keep: 3, version: "7.3", until: "7.3.5", flavour: amd64}
  - {git: ../linux, branch: mm/unstable, arches: [x86_64]}
  - {git: "https://x.y/linux.git", branch: "6.12", name: stable}
"""
    assert load(tmp_path, GOOD + text).tracks == (
        DebianTrack("sid", ("sid",), 1),
        DebianTrack(
            "experimental-amd64", ("experimental", "sid"), 3, "7.3", Release(7, 3, 5), "amd64"
        ),
        GitTrack("mm-unstable", str(tmp_path.parent / "linux"), "mm/unstable", 1, ("x86_64",)),
        GitTrack("stable", "https://x.y/linux.git", "6.12", 1),
    )


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("keep: 2", "7:5: a track has one of 'debian' and 'git' (with a 'branch')"),
        ("debian: sid, git: g, branch: b", "7:5: a track has one of 'debian' and 'git'"),
        ("git: g", "7:5: 'git' needs a 'branch', and nothing else has one"),
        ("debian: sid, branch: b", "7:5: 'git' needs a 'branch', and nothing else has one"),
        ("git: g, branch: b, flavour: x", "7:5: 'version', 'until' and 'flavour' choose among"),
        ("debian: sid, keep: 0", "7:19: Input should be greater than or equal to 1"),
        ("debian: sid, version: 7.3", "7:19: without quotes this is the number 7.3"),
        ("debian: sid, version: newest", "7:5: 'newest' is not a kernel release"),
        ("debian: sid, arches: [arm64]", "7:28: unknown arch 'arm64'"),
        ("debian: sid, kepe: 2", "7:19: unknown key 'kepe' (did you mean 'keep'?)"),
        ('debian: "/"', "7:5: nothing here makes a 'name' for its kernels"),
        ("debian: sid, name: ../x", "7:19: String should match pattern"),
    ],
)
def test_a_track_that_makes_no_sense(tmp_path: Path, entry: str, said: str) -> None:
    found = complaints(tmp_path, f"{GOOD}track:\n  - {{{entry}}}\n")
    assert any(line.startswith(f"lab.yaml:{said}") for line in found), found


def test_two_tracks_of_a_name_would_have_the_same_columns(tmp_path: Path) -> None:
    (line,) = complaints(tmp_path, f"{GOOD}track: [{{debian: sid}}, {{debian: sid, keep: 2}}]\n")
    assert line == "lab.yaml:6:24: track 'sid' is named twice"


def test_a_rule_may_name_kernels_that_a_track_may_lead_to(tmp_path: Path) -> None:
    text = "track: [{debian: sid}]\nexpect: [{claims: a.b, want: fail, why: x, kernels: %s}]\n"
    assert load(tmp_path, GOOD + text % "sid-7.*").rules
    (line,) = complaints(tmp_path, GOOD + text % "sdi-7.*")
    assert "no kernel is called 'sdi-7.*'" in line


def test_a_night_is_as_the_file_says(tmp_path: Path) -> None:
    text = """\
nightly:
  bisect_minutes: 90
  full_days: 3
  tell: news
  mail:
    to: a@b.c
    from: d@e.f
    smtp: {host: h, port: 587, encryption: starttls, user: u, password_in: LAB_PASSWORD}
  webhook: https://x.y/z
"""
    server = Server("h", 587, Encryption.STARTTLS, "u", "LAB_PASSWORD")
    mail = Mail("d@e.f", ("a@b.c",), server)
    assert load(tmp_path, GOOD + text).nightly == Nightly(
        90, 3, When.NEWS, mail, Webhook("https://x.y/z", "")
    )
    assert load(tmp_path, GOOD).nightly == Nightly(60, 7, When.ALWAYS, None, None)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("mail: {to: a@b.c}", "6:11: 'from' is missing"),
        ("mail: {to: a@b.c, from: nobody}", "6:29: String should match pattern"),
        ('mail: {to: ["a@b.c\\nBcc: x@y.z"], from: d@e.f}', "6:23: String should match pattern"),
        ("mail: {to: a@b.c, from: d@e.f, smtp: {host: h, user: u}}", "'user' and 'password_in' go"),
        (
            "mail: {to: a@b.c, from: d@e.f, smtp: {host: h, user: u, password_in: P}}",
            "a password needs 'encryption'",
        ),
        ("webhook: {}", "a webhook has one of 'url' and 'url_in'"),
        ("webhook: {url: https://x.y, url_in: X}", "a webhook has one of 'url' and 'url_in'"),
        ("webhook: file:///etc/passwd", "String should match pattern"),
        ("tell: sometimes", "Input should be 'always' or 'news'"),
        ("bisect_minutes: -1", "Input should be greater than or equal to 0"),
    ],
)
def test_a_night_that_makes_no_sense(tmp_path: Path, entry: str, said: str) -> None:
    found = complaints(tmp_path, f"{GOOD}nightly: {{{entry}}}\n")
    assert any(said in line for line in found), found


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
archs: [x86_64]
arches: [amd64, sparc]
kernels:
  - {name: 5.10, debain: bullseye}
  - {name: 6.1, debian: {suites: bookworm, flavour: 7}}
expect:
  - {claims: a.b, want: abent, since: hello, why: ""}
"""
    said = complaints(tmp_path, text)
    assert [line.split(": ", 1)[0] for line in said] == [
        f"lab.yaml:{place}"
        for place in ("1:1", "2:10", "2:17", "4:6", "4:18", "5:6", "5:44", "7:19", "7:32")
    ]
    assert "unknown key 'archs' (did you mean 'arches'?)" in said[0]
    assert "unknown arch 'amd64' (did you mean 'x86_64'?)" in said[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lab.yaml:1:1: the file is empty"),
        ("arches: [x86_64\n", "lab.yaml:2:1: not valid YAML"),
        (GOOD + "arches: [x86_64]\n", "lab.yaml:6:1: 'arches' is given twice"),
        (GOOD.replace("mine", "5.10"), "kernel '5.10' is named twice"),
        (GOOD.replace("parisc", "x86_64"), "arch 'x86_64' is named twice"),
        (GOOD.replace("name: mine", "name: ../../etc"), "lab.yaml:4:5:"),
        (
            GOOD.replace("flavour: amd64", "build: maybe"),
            "lab.yaml:5:43: Input should be",
        ),
        (GOOD.replace("flavour: amd64", "biuld: yes"), "unknown key 'biuld' (did you mean 'build'"),
        (GOOD + "suites: [wipeonfrok]\n", "lab.yaml:6:10: unknown suite 'wipeonfrok'"),
        (
            GOOD + "except: [{arches: [parisc], kernels: [min], why: x}]\n",
            "unknown kernel 'min' (did you mean 'mine'?)",
        ),
        (
            GOOD + "expect: [{claims: a.b, want: fail, why: x, backports: [6.1.2]}]\n",
            "'backports' belongs to",
        ),
        (
            GOOD + 'suites: [{kselftest: mm, of: "7.4", tests: [merge]}]\n',
            "lab.yaml:6:26: unknown kernel '7.4'",
        ),
        (
            GOOD + "suites: [{kselftest: mm, of: mine, tests: [../merge]}]\n",
            "String should match pattern",
        ),
        (GOOD + "suites: [{kselftest: mm, of: mine, tests: []}]\n", "lab.yaml:6:"),
        (
            GOOD + "suites: [" + "{kselftest: mm, of: mine, tests: [a]}, " * 2 + "]\n",
            "lab.yaml:6:49: suite 'kselftest-mm' is named twice",
        ),
        ("arches: [[x86_64]]", "lab.yaml:1:10: unknown arch ['x86_64'] (did you mean 'x86_64'?)"),
        (GOOD + "retries: -1\n", "lab.yaml:6:1: Input should be greater than"),
        (GOOD + "guests: {at_once: 0}\n", "lab.yaml:6:10: Input should be greater than"),
    ],
)
def test_each_mistake_has_its_message(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in line for line in complaints(tmp_path, text))


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"lab\.yaml: cannot be read: No such file"):
        config.load(tmp_path / "lab.yaml")


def test_the_default_lab_is_five_kernels_on_three_arches() -> None:
    lab = config.load(Path(__file__).parents[2] / "lab.yaml")
    assert len(lab.targets) == 15
    assert lab.kselftests == ()


def test_the_lab_of_the_kernels_own_tests_has_the_same_targets() -> None:
    root = Path(__file__).parents[2]
    ours, theirs = config.load(root / "lab.yaml"), config.load(root / "lab-kselftest.yaml")
    assert theirs.targets == ours.targets
    assert [tests.suite for tests in theirs.kselftests] == list(theirs.suites) == ["kselftest-mm"]


def test_the_schema_for_editors_is_that_of_this_code() -> None:
    written = Path(__file__).parents[2] / "docs" / "lab.schema.json"
    assert json.loads(written.read_text()) == config.schema(), "run `make docs`"


def test_the_schema_knows_short_forms_and_all_arches() -> None:
    schema = config.schema()
    kernel, rule = schema["$defs"]["KernelEntry"], schema["$defs"]["RuleEntry"]
    forms = kernel["properties"]["debian"]["anyOf"]
    assert [form.get("type") for form in forms[:2]] == ["string", "array"]
    assert schema["properties"]["arches"]["items"]["enum"] == list(ARCHES)
    assert {form["type"] for form in rule["properties"]["until"]["anyOf"]} >= {"string", "number"}


@pytest.mark.parametrize("way", list(Start))
def test_how_guests_come_to_be_ready(tmp_path: Path, way: Start) -> None:
    assert load(tmp_path, GOOD).boot is Start.COLD
    assert load(tmp_path, f"{GOOD}boot: {way.value}\n").boot is way


def test_another_way_is_not_known(tmp_path: Path) -> None:
    (said,) = complaints(tmp_path, f"{GOOD}boot: warm\n")
    assert said.startswith("lab.yaml:6:")
    assert all(word in said for word in ("warm", "cold", "snapshot", "auto"))
