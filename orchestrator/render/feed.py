"""The regressions of a run as an Atom feed: one entry for each claim that got worse."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from jinja2 import Environment

from orchestrator.render import look
from orchestrator.render.plain import plain
from orchestrator.results.diff import Change, Diff
from orchestrator.results.matrix import Matrix

# Entries are told apart by run and claim, so that a reader sees each once.
_ATOM = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>Kernel conformance: regressions</title>
<id>urn:kernel-lab:regressions</id>
<updated>{{ matrix.plan.started }}</updated>
<author><name>kernel-lab</name></author>
<link href="index.html"/>
{% for claim, changes in entries %}
<entry>
<title>{{ claim }}: {{ changes[0].new | paint }} on {{ changes | map(attribute="new.target") | \
join(", ") }}</title>
<id>urn:kernel-lab:{{ matrix.plan.id }}:{{ claim }}</id>
<updated>{{ matrix.plan.started }}</updated>
<link href="{{ matrix.plan.id }}.html#{{ claim }}@{{ changes[0].new.target }}"/>
<content type="text">{% for one in changes %}\
{{ one.new.target }}: {{ one.old | paint }}, then {{ one.new | paint }}. {{ one.new.note }}
{% endfor %}</content>
</entry>
{% endfor %}
</feed>
"""


def feed(matrix: Matrix, changes: Diff | None) -> str:
    """The feed; without a run to compare with it has no entries."""
    entries = _by_claim(changes.regressions if changes else ())
    return _environment().from_string(_ATOM).render(matrix=matrix, entries=entries)


def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        trim_blocks=True,
        finalize=lambda value: plain(value) if isinstance(value, str) else value,
    )
    environment.filters["paint"] = lambda cell: look.of(cell).word
    return environment


def _by_claim(changes: Iterable[Change]) -> list[tuple[str, list[Change]]]:
    in_order = sorted(changes, key=lambda change: change.claim)
    return [(claim, list(same)) for claim, same in groupby(in_order, lambda one: one.claim)]
