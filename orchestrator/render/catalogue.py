"""All claims and the rules about them, for people (docs/claims.md) and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from orchestrator.model import Claim, Rule, Suite

_HEAD = """\
# Claims

What the lab tries on every kernel, and where each promise comes from. This page is made by
`make docs` from guest-tests/; a test fails when it is not what that makes.

The last column has the numbers of the rules that speak of a claim. Where several fit a kernel,
the last one counts.
"""


class RuleData(TypedDict):
    """A rule as expect.yaml has it; "" and [] mean that it does not say."""

    want: str
    since: str
    until: str
    backports: list[str]
    arches: list[str]
    config: dict[str, bool]
    headers_until: str
    why: str
    place: str  # file:line:column


class ClaimData(TypedDict):
    """A claim, and the rules about it in their order: the last that fits a kernel counts."""

    claim: str
    promise: str
    at: str  # file:line below guest-tests/
    rules: list[RuleData]


def data(suites: Sequence[Suite], rules: Sequence[Rule]) -> list[ClaimData]:
    """Every claim with its rules, as plain values."""
    return [
        ClaimData(
            claim=claim.name,
            promise=claim.text,
            at=f"{claim.file}:{claim.line}",
            rules=[_values(rule) for rule in rules if rule.speaks_of(claim.name)],
        )
        for suite in suites
        for claim in suite.claims
    ]


def source(claim: Claim, rules: Sequence[Rule]) -> str:
    """Where a claim's promise comes from: the first word about it."""
    return next((rule.why for rule in rules if rule.speaks_of(claim.name)), "")


def markdown(suites: Sequence[Suite], rules: Sequence[Rule]) -> str:
    """The page of all claims. It does not change when a line moves within a file."""
    parts = [_HEAD]
    for suite in suites:
        own = [r for r in rules if any(r.speaks_of(claim.name) for claim in suite.claims)]
        parts += [f"\n## {suite.name}\n\n{suite.about}\n\n", *_claims(suite, own), "\n"]
        parts += [f"{n}. {_sentence(rule)}\n" for n, rule in enumerate(own, 1)]
    return "".join(parts)


def scope(rule: Rule) -> str:
    """For which kernels a rule speaks: ``since 6.13, on parisc, without KSM``."""
    words = []
    if rule.since:
        words.append(f"since {rule.since}")
    if rule.until:
        words.append(f"until {rule.until}")
    if rule.backports:
        words.append(f"with backports in {', '.join(map(str, rule.backports))}")
    if rule.arches:
        words.append(f"on {', '.join(rule.arches)}")
    if rule.kernels:
        words.append(f"for {', '.join(rule.kernels)}")
    if rule.headers_until:
        words.append(f"with headers older than {rule.headers_until}")
    words += [f"{'with' if wanted else 'without'} {name}" for name, wanted in rule.config]
    return ", ".join(words)


def _claims(suite: Suite, own: Sequence[Rule]) -> list[str]:
    lines = ["| claim | promise | rules |\n| --- | --- | --- |\n"]
    for claim in suite.claims:
        numbers = [str(n) for n, rule in enumerate(own, 1) if rule.speaks_of(claim.name)]
        short, text = claim.name.partition(".")[2], claim.text.replace("|", "&#124;")
        place = f"../guest-tests/{claim.file}"
        lines.append(f"| [`{short}`]({place}) | {text} | {', '.join(numbers)} |\n")
    return lines


def _sentence(rule: Rule) -> str:
    where = scope(rule)
    claims = ", ".join(f"`{pattern.partition('.')[2]}`" for pattern in rule.claims)
    why = " ".join(rule.why.split())
    return f"**{rule.want.value}**{f' {where}' if where else ''}: {claims} — {why}"


def _values(rule: Rule) -> RuleData:
    return RuleData(
        want=rule.want.value,
        since=str(rule.since or ""),
        until=str(rule.until or ""),
        backports=[str(release) for release in rule.backports],
        arches=list(rule.arches),
        config=dict(rule.config),
        headers_until=str(rule.headers_until or ""),
        why=rule.why,
        place=rule.place,
    )
