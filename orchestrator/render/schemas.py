"""The forms of what ``--json`` prints, as JSON Schema: made from the types that the code writes."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from orchestrator.render import data
from orchestrator.render.agreement import AgreementData
from orchestrator.render.diffs.data import DiffData
from orchestrator.render.mornings.data import NightData
from orchestrator.render.past.compat import CompatData
from orchestrator.render.past.history import HistoryData
from orchestrator.render.past.runs import RunsData

# Each form has a ``version``, which rises when a reader of the old one would misread the new one.
# That a key is added is no such thing.
FORMS: dict[str, Any] = {
    "matrix": data.MatrixData,  # lab run, lab report; matrix.json beside the HTML report
    "cell": data.SheetData,  # lab show
    "diff": DiffData,
    "runs": RunsData,
    "history": HistoryData,
    "compat": CompatData,
    "agreement": AgreementData,  # lab verify-snapshot
    "night": NightData,
}


def schema(form: str) -> dict[str, Any]:
    """JSON Schema 2020-12 of one of the forms."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **TypeAdapter(FORMS[form]).json_schema(),
    }
