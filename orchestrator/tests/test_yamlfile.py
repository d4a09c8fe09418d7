"""Where each part of a file stands, and what is said about a part that is wrong."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from orchestrator import yamlfile
from orchestrator.errors import ConfigError
from orchestrator.yamlreader import Number, Place


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    suites: list[str]
    size: int = 0


def short(value: Any) -> Any:
    return {"suites": [value]} if isinstance(value, str) else value


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    inner: Annotated[Inner, BeforeValidator(short)]
    either: int | list[int] = 0


OUTER: TypeAdapter[list[Outer]] = TypeAdapter(list[Outer])


def load(tmp_path: Path, text: str | bytes) -> yamlfile.Document:
    file = tmp_path / "file"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return yamlfile.load(file, "lab.yaml")


def refused(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    return str(caught.value)


def complaints(tmp_path: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        yamlfile.validate(load(tmp_path, text), OUTER)
    return caught.value.complaints


# ---- reading


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("[5.10, 6.1, 1e3]", ["5.10", "6.1", "1e3"]),
        ("[.inf, 1_0.5]", [".inf", "1_0.5"]),
        ("[7, -1, 0x10, true, null, '7']", [7, -1, 16, True, None, "7"]),
        ("{a: {b: [c]}}", {"a": {"b": ["c"]}}),
        ("é: ü", {"é": "ü"}),
        ("", None),
        ("# nothing\n", None),
    ],
)
def test_plain_data_but_no_floats(tmp_path: Path, text: str, data: Any) -> None:
    assert load(tmp_path, text).data == data


def test_an_alias_is_the_same_data_again(tmp_path: Path) -> None:
    assert load(tmp_path, "a: &x [1, 2]\nb: *x\n").data == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1\nb: 2\n", "lab.yaml:2:2: not valid YAML: "),
        ("a: 1\n\tb: 2\n", "lab.yaml:2:1: not valid YAML: found character '\\t'"),
        ("a: *nowhere\n", "lab.yaml:1:4: not valid YAML: found undefined alias"),
        ("a: 1\n---\nb: 2\n", "lab.yaml:2:1: not valid YAML: "),
        ("a: !!python/name:os.system x\n", "lab.yaml:1:4: not valid YAML: "),
        (b"a: 1\nb: \xff\n", "lab.yaml:2:4: is not UTF-8 text: byte 0xff"),
        ("[" * 400, "lab.yaml:1:"),
        ("[" * 200 + "]" * 200, "lab.yaml:1:102: more than 100 parts are inside each other"),
        ("a: &x [*x]\n", "lab.yaml:1:4: more than 100 parts are inside each other"),
        ("a: 1\nb: \0\n", "lab.yaml:2:4: not valid YAML: character '\\x00' may not be in it"),
        ('a: "\\ud800"\n', "lab.yaml:1:4: "),
    ],
)
def test_what_is_not_yaml_is_said_with_its_place(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    assert refused(tmp_path, text).startswith(said)


@pytest.mark.parametrize(
    "text",
    ["a: \x07\n", "name: {{ name }}\n", "? [a]\n: 1\n", "since: 2026-13-45\n"],
    ids=["a control character", "a mapping as a key", "a list as a key", "no such day"],
)
def test_no_mistake_in_a_file_is_a_bug_of_ours(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text).startswith("lab.yaml:")


def test_a_file_that_cannot_be_read_is_said_by_the_name_that_people_know(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^lab\.yaml: cannot be read: Is a directory$"):
        yamlfile.load(tmp_path, "lab.yaml")


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    assert refused(tmp_path, b"#" * (1 << 20) + b"\n") == "lab.yaml: is larger than 1 MiB"
    assert load(tmp_path, b"#" * ((1 << 20) - 1) + b"\n").data is None


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match=r"^lab\.yaml: cannot be read: it is a pipe"):
        yamlfile.load(tmp_path / "pipe", "lab.yaml")


def test_a_few_lines_that_say_very_much_are_not_heard_out(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert "the file has more than 100000 parts" in refused(tmp_path, "\n".join(lines))


@pytest.mark.parametrize("text", ["[5.10]", "[5.1]", "[.inf]"])
def test_what_yaml_reads_as_a_number_is_known_for_one(tmp_path: Path, text: str) -> None:
    (number,) = load(tmp_path, text).data
    assert isinstance(number, Number)
    assert number.means == float(text.strip("[.]"))
    assert not isinstance(load(tmp_path, '["5.10"]').data[0], Number)


# ---- places

PLACES = """\
# a comment
kernels:
  - name: "5.10"
    debian: [one,
             two]
  - {name: mine}
"""


@pytest.mark.parametrize(
    ("place", "at"),
    [
        ((), "2:1"),
        (("kernels",), "2:1"),
        (("kernels", 0), "3:5"),
        (("kernels", 0, "debian"), "4:5"),
        (("kernels", 0, "debian", 1), "5:14"),
        (("kernels", 1, "name"), "6:6"),
    ],
)
def test_each_part_has_a_place(tmp_path: Path, place: Place, at: str) -> None:
    assert load(tmp_path, PLACES).at(place) == f"lab.yaml:{at}"


@pytest.mark.parametrize(
    ("place", "at"),
    [(("kernels", 0, "version"), "3:5"), (("kernels", 9), "2:1"), (("arches",), "2:1")],
)
def test_what_is_not_there_is_placed_where_it_would_be(
    tmp_path: Path, place: Place, at: str
) -> None:
    assert load(tmp_path, PLACES).at(place) == f"lab.yaml:{at}"


def test_an_empty_file_has_a_first_line(tmp_path: Path) -> None:
    assert load(tmp_path, "").at(("kernels",)) == "lab.yaml:1:1"


# ---- values


def test_a_good_document_becomes_values(tmp_path: Path) -> None:
    (value,) = yamlfile.validate(load(tmp_path, "- {name: a, inner: sid, either: [1]}"), OUTER)
    assert value == Outer(name="a", inner=Inner(suites=["sid"]), either=[1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {name: a}", "lab.yaml:1:3: 'inner' is missing"),
        ("- {name: a, iner: b, inner: c}", "unknown key 'iner' (did you mean 'inner'?)"),
        ("- {name: a, inner: {suites: [b], sizes: 1}}", "1:34: unknown key 'sizes' (did you"),
        ("- {name: a, inner: {suites: [b], size: x}}", "1:34: Input should be a valid integer"),
        ("- {name: a, inner: {suites: [b], size: x}}", "; found 'x'"),
        ("- {name: '', inner: b}", "lab.yaml:1:4: String should have at least 1 character"),
        ("name: a", "lab.yaml:1:1: here should be a list; found {'name': 'a'}"),
    ],
)
def test_what_is_wrong_is_said_with_what_was_found(tmp_path: Path, text: str, said: str) -> None:
    (line,) = complaints(tmp_path, text)
    assert said in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {name: a, inner: b}\n- {name: c, name: d, inner: e}", "2:13: 'name' is given twice"),
        ("- !!python/tuple {name: a, inner: b}", "1:3: a tag such as"),
        ("- {name: , inner: b}", "1:4: here should be text, and nothing is here"),
        ("- {name: 012, inner: b}", "1:4: here should be text; without quotes it is 10 to YAML"),
        ("- {name: yes, inner: b}", "without quotes it is True to YAML: write it in quotes"),
    ],
)
def test_what_is_wrong_without_knowing_what_is_expected_is_said_with_the_rest(
    tmp_path: Path, text: str, said: str
) -> None:
    first, *_, last = complaints(tmp_path, f"{text}\n- {{nam: x}}")
    assert said in first
    assert "unknown key 'nam'" in last


def test_what_the_caller_knows_to_be_wrong_is_said_in_its_place(tmp_path: Path) -> None:
    document = load(tmp_path, "- {name: a, inner: b}\n- {name: a, inner: 5}\n")
    with pytest.raises(ConfigError) as caught:
        yamlfile.validate(document, OUTER, [((1, "name"), "'a' again")])
    first, second = caught.value.complaints
    assert first == "lab.yaml:2:4: 'a' again"
    assert second.startswith("lab.yaml:2:13: ")


def test_a_key_like_no_other_is_not_guessed_at(tmp_path: Path) -> None:
    assert complaints(tmp_path, "- {name: a, inner: b, zzz: 1}") == (
        "lab.yaml:1:23: unknown key 'zzz'",
    )


def test_complaints_are_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "- {inner: a, name: 7}\n- {nam: 1, name: a, inner: 5}\n- {name: b}\n"
    places = [line.split(": ")[0] for line in complaints(tmp_path, text)]
    assert places == ["lab.yaml:1:14", "lab.yaml:2:4", "lab.yaml:2:21", "lab.yaml:3:3"]


def test_what_does_not_fit_either_way_is_said_once_for_each_at_the_same_place(
    tmp_path: Path,
) -> None:
    said = complaints(tmp_path, "- {name: a, inner: b, either: x}")
    assert {line.split(": ")[0] for line in said} == {"lab.yaml:1:23"}
    assert len(said) == 2


def test_a_part_of_what_may_be_written_in_two_ways_has_its_own_place(tmp_path: Path) -> None:
    said = complaints(tmp_path, "- {name: a, inner: b, either: [1, x]}")
    assert any(line.startswith("lab.yaml:1:35: Input should be a valid integer") for line in said)


def test_a_long_find_is_cut(tmp_path: Path) -> None:
    (line,) = complaints(tmp_path, f"- {{name: a, inner: [{'x' * 500}]}}")
    assert line.endswith("xxx…")
    assert len(line) < 200


# ---- near misses


def test_what_was_meant() -> None:
    arches = ["x86_64", "arm64", "parisc"]
    assert yamlfile.meant("arm46", arches) == " (did you mean 'arm64'?)"
    assert yamlfile.meant("sparc9", ["x86_64", "arm64"]) == " (accepted: x86_64, arm64)"
    assert yamlfile.meant("any", []) == ""
    assert yamlfile.meant("mips", iter(arches)) == " (accepted: x86_64, arm64, parisc)"
