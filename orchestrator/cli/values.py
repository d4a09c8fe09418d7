"""Plain values on standard output, for the verbs' --json."""

from __future__ import annotations

import json
from typing import Any


def print_json(values: Any) -> None:
    """Values on standard output, as other programs read them."""
    print(json.dumps(values, indent=1))
