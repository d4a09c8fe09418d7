"""Any bytes, cut anywhere, over any boots: one result for each planned claim, and no exception."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.guests.lines import Lines
from orchestrator.model import Boot, Claim, Ending, Plan, Release, Rule, Run, Suite, Verdict
from orchestrator.results import matrix
from orchestrator.results.judge import judge, outcomes
from orchestrator.results.ktap import Reader, parse
from orchestrator.results.store import Store

NAMES = ("boot.userspace", "a.one", "a.two", "a.three", "b.one")
CLAIMS = tuple(Claim(name, "…") for name in NAMES)
RULES = (Rule(("a.*",), Verdict.FAIL, "bug 1"), Rule(("b.*",), Verdict.ABSENT, "since 99"))

# Lines of our dialect and beside it: about the claims, about others, and torn.
_NAME = st.sampled_from([*NAMES, "a.four", "c.strange", "a", ""])
_TAIL = st.sampled_from(
    ["", " # broken", " # SKIP", " # SKIP ABSENT EINVAL", " # ERROR x", " # TIMEOUT 2 s", " #"]
)
_LINE = st.one_of(
    st.builds("ok 1 {}{}".format, _NAME, _TAIL),
    st.builds("not ok 2 {}{}".format, _NAME, _TAIL),
    st.builds("# trying 3 {}".format, _NAME),
    st.sampled_from(
        ["KTAP version 1", "1..5", "# took 12 ms", "  ok 1 nested", "  not ok 1 x # SKIP y",
         "  Bail out!", "[   1.2] BUG: unable to handle page fault", "  1..0 # SKIP none"]
    ),
)  # fmt: skip
_STREAM = st.one_of(
    st.binary(max_size=200),
    st.lists(st.one_of(_LINE.map(str.encode), st.binary(max_size=30)), max_size=15).map(b"\n".join),
)
_BOOT = st.builds(
    Boot,
    number=st.just(0),
    ending=st.sampled_from(list(Ending)),
    why=st.sampled_from(["", "Kernel panic - not syncing: x"]),
    ready=st.sampled_from([None, 1.0]),
    ktap=st.dictionaries(
        st.sampled_from(["boot", "a", "b"]), _STREAM.map(lambda raw: raw.decode(errors="replace"))
    ),
    retry_of=st.sampled_from([(), (), ("a.one",), ("a.two", "b.one")]),
)


def run_of(boots: list[Boot]) -> Run:
    numbered = (Boot(**{**vars(boot), "number": n}) for n, boot in enumerate(boots, 1))
    return Run("6.1/arm64", "6.1", "arm64", Release(6, 1), boots=tuple(numbered))


@given(st.lists(_BOOT, max_size=4))
def test_each_planned_claim_has_one_cell_with_a_cause(boots: list[Boot]) -> None:
    run = run_of(boots)
    cells = judge(run, CLAIMS, RULES)
    assert [cell.claim for cell in cells] == list(NAMES)
    for cell in cells:
        assert (cell.got is Verdict.MISSING) == (cell.boot == 0) == (cell.attempts == ())
        assert cell.got is not Verdict.MISSING or cell.note
        assert not cell.attempts or cell.attempts[0].verdict is cell.got
    plan = Plan("1", "now", (("6.1", "arm64"),), (Suite("a", "…", CLAIMS),))
    whole = matrix.build(plan, {run.target: run}, RULES)
    assert list(whole.cells()) == list(cells)
    assert sum(whole.tally().values()) == len(CLAIMS)


@given(st.lists(_BOOT, min_size=1, max_size=4), st.data())
def test_what_comes_later_changes_no_verdict(boots: list[Boot], data: st.DataObject) -> None:
    """A run that is cut after any boot and resumed keeps what it had."""
    cut = data.draw(st.integers(0, len(boots)))
    before, after = outcomes(run_of(boots[:cut])), outcomes(run_of(boots))
    for claim, outcome in before.items():
        assert (after[claim].result, after[claim].boot) == (outcome.result, outcome.boot)
        assert after[claim].attempts[: len(outcome.attempts)] == outcome.attempts


@given(_STREAM, st.data())
def test_a_stream_says_the_same_however_it_is_cut_on_its_way(
    raw: bytes, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    at_once, in_parts = Lines(), Lines()
    whole = [*at_once.feed(raw), *at_once.last()]
    bounds = [0, *cuts, len(raw)]
    pieces = (raw[a:b] for a, b in itertools.pairwise(bounds))
    parts = [line for piece in pieces for line in in_parts.feed(piece)] + [*in_parts.last()]
    assert parts == whole
    live = Reader()
    seen = [result for line in whole if (result := live.take(line))]
    assert tuple(seen) == live.report().results == parse("\n".join(whole)).results


@given(_STREAM, st.data())
def test_a_file_that_was_cut_says_less_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, data: st.DataObject
) -> None:
    lines = Lines()
    text = "".join(f"{line}\n" for line in [*lines.feed(raw), *lines.last()])
    written = text.encode()
    kept = written[: data.draw(st.integers(0, len(written)))]
    store = Store(tmp_path_factory.mktemp("runs"))
    store.begin(Plan("1", "now", (("6.1", "arm64"),), ()))
    store.open("1", Run("6.1/arm64", "6.1", "arm64", Release(6, 1)), b"")
    number, place = store.boot_directory("1", "6.1/arm64")
    (place / "a.ktap").write_bytes(kept)
    store.keep("1", "6.1/arm64", Boot(number, Ending.INFRA))
    (boot,) = store.read("1", "6.1/arm64").boots
    results = parse(boot.ktap["a"]).results
    assert results == parse(text).results[: len(results)]
