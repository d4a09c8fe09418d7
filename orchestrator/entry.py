"""What the entries of a lab.yaml are made of: no unknown keys, words that are words, lists."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from orchestrator.yamlreader import Number


class Entry(BaseModel):
    """A mapping in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def quoted(value: Any) -> Any:
    """Raises ValueError for what YAML takes for a number, because 5.10 is 5.1 then."""
    if isinstance(value, Number):
        raise ValueError(
            f"without quotes this is the number {value.means} to YAML: write it in quotes, "
            f"{str(value)!r}"
        )
    return value


Quoted = Annotated[str, BeforeValidator(quoted)]


def listed(value: Any) -> Any:
    """One entry is short for a list of one."""
    return [value] if isinstance(value, str | dict) else value


Listed = Annotated[
    list[Quoted],
    BeforeValidator(listed, json_schema_input_type=str | list[str]),
    Field(min_length=1),
]
