"""One small picture of a matrix, for a README: what there is to worry about, in a word."""

from __future__ import annotations

from jinja2 import Template

from orchestrator.render import arrange
from orchestrator.render.lists import count
from orchestrator.results.matrix import Matrix

# A figure is about seven pixels wide in 11px Verdana and its like.
_WIDE, _PADDING = 7, 10
_COLOURS = {"troubled": "#c14f00", "unsure": "#59626d", "calm": "#00604a"}
_LABEL = "kernel conformance"

_SVG = Template(
    """\
<svg xmlns="http://www.w3.org/2000/svg" width="{{ left + right }}" height="20" role="img" \
aria-label="{{ label }}: {{ text }}">
<title>{{ label }}: {{ text }}</title>
<clipPath id="r"><rect width="{{ left + right }}" height="20" rx="4"/></clipPath>
<g clip-path="url(#r)"><rect width="{{ left }}" height="20" fill="#3b4148"/>\
<rect x="{{ left }}" width="{{ right }}" height="20" fill="{{ colour }}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="{{ left / 2 }}" y="14">{{ label }}</text>\
<text x="{{ left + right / 2 }}" y="14">{{ text }}</text>
</g>
</svg>
""",
    autoescape=True,
)


def badge(matrix: Matrix) -> str:
    """An SVG of its own."""
    mood, text = _told(matrix)
    left, right = (len(part) * _WIDE + 2 * _PADDING for part in (_LABEL, text))
    colour = _COLOURS[mood]
    return str(_SVG.render(label=_LABEL, text=text, colour=colour, left=left, right=right))


def _told(matrix: Matrix) -> tuple[str, str]:
    counts = arrange.counts(matrix)
    if counts.surprises:
        return "troubled", count(counts.surprises, "surprise")
    if counts.missing:
        return "unsure", f"{counts.missing} of {counts.planned} missing"
    return "calm", f"✓ {count(counts.planned, 'cell')}"
