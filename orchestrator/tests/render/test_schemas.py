"""What --json prints has the form that docs/ promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from orchestrator.model import Claim, Release, Result, Run, Verdict
from orchestrator.render import data
from orchestrator.render.agreement import data as agreement_data
from orchestrator.render.diffs.data import data as diff_data
from orchestrator.render.mornings.data import data as night_data
from orchestrator.render.past.compat import data as compat_data
from orchestrator.render.past.history import data as history_data
from orchestrator.render.past.runs import data as runs_data
from orchestrator.render.schemas import FORMS, schema
from orchestrator.results.agreement import agreement
from orchestrator.results.compat import compat
from orchestrator.results.diff import diff
from orchestrator.results.history import history
from orchestrator.results.index.queries import Known, Newest, Word
from orchestrator.results.judge import Outcome
from orchestrator.tests import matrices, nights

DOCS = Path(__file__).parents[3] / "docs"
RUN = Run("6.1/arm64", "6.1", "arm64", Release(6, 1))
SEEN = Outcome(Result("", Verdict.PASS), 1, ())


def _cell() -> Any:
    matrix = matrices.flaky()
    return data.cell(matrix, next(matrix.cells()))


SAMPLES: dict[str, Callable[[], Any]] = {
    "matrix": lambda: data.matrix(matrices.everything()),
    "cell": _cell,
    "diff": lambda: diff_data(diff(matrices.everything(), matrices.everything())),
    "runs": lambda: runs_data([Known("1", "2026", 1, 2, "", ""), Known("2", "", 0, 0, "", "x")]),
    "history": lambda: history_data(
        history(Claim("a.b", ""), [("1", Word(RUN, SEEN)), ("2", Word(RUN, None))], ())
    ),
    "agreement": lambda: agreement_data(
        agreement(matrices.everything(), matrices.everything()), {"cold": "a", "snapshot": "b"}
    ),
    "compat": lambda: compat_data(compat([Newest(frozenset({"a.b"}), "1", RUN, SEEN)], ())),
    "night": lambda: night_data(nights.regressed()),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_printed_has_its_form(form: str) -> None:
    promised = schema(form)
    Draft202012Validator.check_schema(promised)
    values = json.loads(json.dumps(SAMPLES[form]()))
    Draft202012Validator(promised).validate(values)
    del values["version"]
    assert not Draft202012Validator(promised).is_valid(values)


@pytest.mark.parametrize("form", FORMS)
def test_docs_have_it_as_it_is(form: str) -> None:
    written = json.loads((DOCS / f"{form}.schema.json").read_text())
    assert written == schema(form), "run `make docs`"
