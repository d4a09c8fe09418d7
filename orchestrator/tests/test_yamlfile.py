"""Where each part of a file stands, and what is said about a part that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from orchestrator import yamlfile
from orchestrator.errors import ConfigError


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
        ("a: 1\nb: 2\na: 3\n", "lab.yaml:3:1: 'a' is given twice"),
        ("- {a: 1, a: 2}\n", "lab.yaml:1:10: 'a' is given twice"),
        (b"a: 1\nb: \xff\n", "lab.yaml: is not UTF-8 text (byte 8)"),
        ("[" * 500, "lab.yaml:1:51: not valid YAML: more than 50 brackets are open"),
        ("- " * 5000, "lab.yaml: not valid YAML: "),
        ("a: &x [*x]\n", "lab.yaml: not valid YAML: "),
    ],
)
def test_what_is_not_yaml_is_said_with_its_place(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    assert refused(tmp_path, text).startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        *("a: \x07\n", "name: {{ name }}\n", "? [a]\n: 1\n", "since: 2026-13-45\n"),
        *("a: !!bool maybe\n", "a: !!int ''\n", "a: !!timestamp never\n"),
    ],
    ids=[
        *("a control character", "a mapping as a key", "a list as a key", "no such day"),
        *("no truth", "no number", "no time"),
    ],
)
def test_no_mistake_in_a_file_is_a_bug_of_ours(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text).startswith("lab.yaml:")


def test_brackets_do_not_go_on_for_ever(tmp_path: Path) -> None:
    assert "more than 50 brackets are open" in refused(tmp_path, "a: " + "[{" * 200_000)
    assert load(tmp_path, "[" * 50 + "]" * 50).data


def test_a_file_that_is_much_too_large_is_not_read(tmp_path: Path) -> None:
    assert refused(tmp_path, "# \n" * (1 << 18)) == "lab.yaml: is larger than 512 KiB"


def test_a_file_that_cannot_be_read_is_said_by_the_name_that_people_know(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^lab\.yaml: cannot be read: Is a directory$"):
        yamlfile.load(tmp_path, "lab.yaml")


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
def test_each_part_has_a_place(tmp_path: Path, place: yamlfile.Place, at: str) -> None:
    assert load(tmp_path, PLACES).at(place) == f"lab.yaml:{at}"


@pytest.mark.parametrize(
    ("place", "at"),
    [(("kernels", 0, "version"), "3:5"), (("kernels", 9), "2:1"), (("arches",), "2:1")],
)
def test_what_is_not_there_is_placed_where_it_would_be(
    tmp_path: Path, place: yamlfile.Place, at: str
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
        ("name: a", "lab.yaml:1:1: Input should be a valid list; found {'name': 'a'}"),
    ],
)
def test_what_is_wrong_is_said_with_what_was_found(tmp_path: Path, text: str, said: str) -> None:
    (line,) = complaints(tmp_path, text)
    assert said in line


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
