"""Verbs whose modules are imported when they are called: most of them need far less than all do.

`lab --help` imports none of them; what it says of each stands in the module's text.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Mapping
from importlib import resources
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup


class LazyGroup(TyperGroup):
    """A group of verbs that stand in modules of one package, ``module:function`` each.

    A module with an ``app`` says by that how its verb is to be called.
    """

    package: ClassVar[str]
    places: ClassVar[Mapping[str, str]]  # by verb, in the order of the help

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {name: TyperCommand(name) for name in self.places}

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - called by name
        """What can be said of a verb without importing it."""
        if cmd_name not in self.places:
            return None
        return TyperCommand(cmd_name, help=_promise(self.package, self.places[cmd_name]))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The verb itself, to be called or to have its arguments completed."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, name and _imported(self.package, name, self.places[name]), rest


def _imported(package: str, name: str, place: str) -> Any:
    module, _, function = place.partition(":")
    there = importlib.import_module(f"{package}.{module}")
    app = getattr(there, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False)  # that is the whole program's
        app.command(name)(getattr(there, function))
    return typer.main.get_command(app)


def _promise(package: str, place: str) -> str:
    """The docstring of a verb's function, read and not imported."""
    module, _, function = place.partition(":")
    tree = ast.parse((resources.files(package) / f"{module}.py").read_text())
    (found,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function)
    return ast.get_docstring(found) or ""
