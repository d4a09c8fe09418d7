"""Whatever stands in lab.yaml or expect.yaml: it is taken, or it is a ConfigError, and soon."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestrator import config, expectations
from orchestrator.arches import ARCHES
from orchestrator.errors import ConfigError
from orchestrator.model import Verdict

ROOT = Path(__file__).parents[2]
REAL = tuple(path.read_text() for path in sorted(ROOT.glob("lab*.yaml")))
REAL_RULES = tuple(
    (ROOT / "guest-tests" / suite / "expect.yaml").read_text() for suite in ("abi", "wipeonfork")
)
SOON = timedelta(seconds=20)  # on the slowest machine, and busy with guests

Load = Callable[[bytes], None]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Read it as lab.yaml."""
    file = tmp_path_factory.mktemp("lab") / "lab.yaml"

    def load(data: bytes) -> None:
        file.write_bytes(data)
        with contextlib.suppress(ConfigError):
            config.load(file)

    return load


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Read it as the expect.yaml of a suite."""
    suites = tmp_path_factory.mktemp("lab") / "guest-tests"
    file = suites / "abi" / "expect.yaml"
    file.parent.mkdir(parents=True)

    def load(data: bytes) -> None:
        file.write_bytes(data)
        with contextlib.suppress(ConfigError):
            expectations.load(suites)

    return load


def keys(schema: Any) -> set[str]:
    """Every key that a JSON schema knows."""
    if isinstance(schema, list):
        return {key for part in schema for key in keys(part)}
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", ())) | {k for v in schema.values() for k in keys(v)}


KEYS = st.sampled_from(sorted(keys(config.schema()) | {"why", "<<"}))
WORDS = st.one_of(
    st.sampled_from([*ARCHES, *(v.value for v in Verdict), "5.10", "6.12", "trixie", "abi.*", ""]),
    st.text(max_size=8),
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), WORDS, st.dates().map(str)
)
SHAPES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(KEYS, WORDS), inner, max_size=5)
    ),
    max_leaves=20,
)
# What YAML has beside the shapes of JSON: tags, anchors, merges, indicators, other scalars.
_SIGNS = """!!int !!bool !!timestamp !!binary !!float !!python/name:os.system !x &a *a <<: ? - :
    [ ] { } | > --- ... % # ' " ~ 0x 1:30 2026-13-45 .nan é"""
TOKENS = st.builds(
    "{}{}".format,
    st.sampled_from([*_SIGNS.split(), "\t", "\0", "\ufeff"]),
    st.sampled_from(["", " ", "\n", "\n  "]),
)


def valid(shape: Any) -> bytes:
    """Valid YAML of some shape: JSON is YAML."""
    return json.dumps(shape, ensure_ascii=False).encode(errors="replace")


@st.composite
def mutated(draw: st.DrawFn, texts: tuple[str, ...]) -> bytes:
    """A real file in which a few places were deleted, doubled or written over."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        new = draw(st.one_of(TOKENS, WORDS, LEAVES.map(str), st.just(text[start:end] * 2)))
        text = text[:start] + new + text[end:]
    return text.encode(errors="replace")


@settings(deadline=SOON)
@given(data=st.one_of(st.binary(max_size=200), st.lists(TOKENS).map(lambda t: "".join(t).encode())))
def test_any_bytes(lab: Load, rules: Load, data: bytes) -> None:
    lab(data)
    rules(data)


@settings(deadline=SOON, max_examples=50)
@given(shape=SHAPES, part=SHAPES, key=KEYS)
def test_any_valid_yaml(lab: Load, rules: Load, shape: Any, part: Any, key: str) -> None:
    lab(valid(shape))
    lab(valid({"arches": ["x86_64"], "kernels": [{"name": "6.12", "debian": "sid"}], key: part}))
    rules(valid(shape))
    rules(valid([{"claims": "abi.*", "want": "fail", "why": "bug 1", key: part}]))


@settings(deadline=SOON, max_examples=100)
@given(data=mutated(REAL))
def test_the_real_labs_with_something_spoilt(lab: Load, data: bytes) -> None:
    lab(data)


@settings(deadline=SOON, max_examples=50)
@given(data=mutated(REAL_RULES))
def test_the_real_expectations_with_something_spoilt(rules: Load, data: bytes) -> None:
    rules(data)


@pytest.mark.parametrize(
    "text",
    [
        "arches: [[x86_64]]", "arches: [{a: b}]", "arches: !!bool maybe", "arches: !!int ''",
        "kernels: !!timestamp never", "? [a]\n: b", "? {a: b}\n: c", "a: &a [*a]", "&a {<<: *a}",
        "<<: {arches: 1}", "arches: " + "[" * 400, "{a: " * 400, "1: 2\n~: 3\n2026-01-01: 4",
        "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]\n"
            for a, b in zip("abcdefgh", "bcdefghi", strict=True)
        ),
    ],
)  # fmt: skip
def test_what_was_found_to_break_a_loader_or_might(lab: Load, rules: Load, text: str) -> None:
    lab(text.encode())
    rules(text.encode())
