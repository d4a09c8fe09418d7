"""expect.yaml and lab.yaml's `expect:` to rules: what is wanted where, and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    WithJsonSchema,
    model_validator,
)

from orchestrator import yamlfile
from orchestrator.arches import ARCHES
from orchestrator.errors import ConfigError
from orchestrator.model import BROKEN, Release, Rule, Verdict


def _release(text: Any) -> Release:
    return Release.parse(str(text))


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def known_arch(name: Any) -> str:
    """The name of an arch of the table, or a ValueError that says which would do."""
    if isinstance(name, str) and name in ARCHES:
        return name
    for arch in ARCHES.values():
        if name in arch.aliases:
            raise ValueError(f"unknown arch {name!r} (did you mean {arch.name!r}?)")
    raise ValueError(f"unknown arch {name!r}{yamlfile.meant(str(name), ARCHES)}")


KnownArch = Annotated[
    str, BeforeValidator(known_arch), WithJsonSchema({"enum": list(ARCHES), "type": "string"})
]
_Release = Annotated[Release, BeforeValidator(_release, json_schema_input_type=str | float)]


class RuleEntry(BaseModel):
    """One rule as it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    claims: Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
    want: Verdict
    why: str
    since: _Release | None = None
    until: _Release | None = None
    backports: list[_Release] = []
    arches: list[KnownArch] = []
    kernels: Annotated[
        list[str],
        BeforeValidator(_listed, json_schema_input_type=str | list[str]),
        Field(description="In a lab.yaml: patterns over the names of its kernels."),
    ] = []
    config: dict[str, bool] = {}
    reproducer: str = ""
    headers_until: _Release | None = None
    splat: Annotated[
        str,
        Field(description="Pattern over the titles of kernel splats that may come with it."),
    ] = ""
    bug: Annotated[str, Field(description="URL of the bug report.")] = ""
    expires: Annotated[
        date | None, Field(description="From that day on it is a complaint of `lab check`.")
    ] = None

    @model_validator(mode="after")
    def _makes_sense(self) -> RuleEntry:
        if not self.why.strip():
            raise ValueError("'why' is empty: name the commit, the man page or the source line")
        if self.want in (Verdict.MISSING, Verdict.ERROR):
            raise ValueError(f"nobody can want {self.want.value!r}: that is the lab's own trouble")
        if self.backports and (self.since is None) == (self.until is None):
            raise ValueError("'backports' belongs to 'since' or to 'until': give one of them")
        if self.reproducer and self.want not in BROKEN:
            raise ValueError(f"a reproducer is of a bug, and {self.want.value!r} is none")
        if self.splat and not self.splat.strip("*? "):
            raise ValueError("'splat' fits any title: name what the kernel says, 'WARNING at mm/*'")
        if self.bug and not self.bug.startswith(("https://", "http://")):
            raise ValueError(f"'bug' is the address of a report, https://…; {self.bug!r} is none")
        for option in self.config:
            if option.startswith("CONFIG_"):
                raise ValueError(f"write {option.removeprefix('CONFIG_')!r}, without CONFIG_")
        return self

    def rule(self, place: str) -> Rule:
        """The rule, with the place where it is written."""
        return Rule(
            claims=tuple(self.claims),
            want=self.want,
            why=self.why.strip(),
            since=self.since,
            until=self.until,
            backports=tuple(self.backports),
            arches=tuple(self.arches),
            kernels=tuple(self.kernels),
            config=tuple(self.config.items()),
            place=place,
            reproducer=self.reproducer,
            headers_until=self.headers_until,
            splat=self.splat,
            bug=self.bug,
            expires=self.expires,
        )


_ENTRIES: TypeAdapter[list[RuleEntry]] = TypeAdapter(list[RuleEntry])


def load(
    suites: Path, named: Callable[[str], str] = str, root: Path | None = None
) -> tuple[Rule, ...]:
    """The rules of all suites, in the order of the suites' names and of their files.

    ``named`` says what the suite of a directory below ``suites`` is called, and places are
    relative to ``root``, by default to where ``suites`` is. Raises ConfigError with every
    complaint about every file. A rule of a suite may speak only about that suite's claims.
    """
    rules: list[Rule] = []
    complaints: list[str] = []
    programs = reproducers(suites)
    for path in sorted(suites.rglob("expect.yaml")):
        try:
            suite = named(str(path.parent.relative_to(suites)))
            place = str(path.relative_to(root or suites.parent))
            rules += _of_suite(path, suite, place, programs)
        except ConfigError as error:
            complaints += error.complaints
    if complaints:
        raise ConfigError(*complaints)
    return tuple(rules)


def _of_suite(path: Path, suite: str, name: str, programs: Collection[str]) -> list[Rule]:
    document = yamlfile.load(path, name)
    if document.data is None:  # nothing but comments: every claim is wanted to pass
        return []
    entries = yamlfile.validate(document, _ENTRIES)
    strays = [
        f"{document.at((index, 'claims'))}: {pattern!r} is not about suite {suite!r}"
        for index, entry in enumerate(entries)
        for pattern in entry.claims
        if not pattern.startswith(f"{suite}.")
    ]
    strays += [
        f"{document.at((index, 'kernels'))}: what a kernel is called is a lab.yaml's to say: a "
        "rule for one by its name belongs under 'expect' there"
        for index, entry in enumerate(entries)
        if entry.kernels
    ]
    strays += [
        f"{document.at((index, 'reproducer'))}: there is no guest-tests/reproducers/"
        f"{entry.reproducer}{yamlfile.meant(entry.reproducer, programs)}"
        for index, entry in enumerate(entries)
        if entry.reproducer and entry.reproducer not in programs
    ]
    if strays:
        raise ConfigError(*strays)
    return [entry.rule(document.at((index,))) for index, entry in enumerate(entries)]


def idle(rules: Sequence[Rule], claims: Sequence[str]) -> list[str]:
    """A complaint about each pattern that matches no claim: a rule that nobody would miss."""
    return [
        f"{rule.place}: {pattern!r} matches no claim{yamlfile.meant(pattern, claims)}"
        for rule in rules
        for pattern in rule.claims
        if not any(fnmatchcase(claim, pattern) for claim in claims)
    ]


def expired(rules: Sequence[Rule], today: date) -> list[str]:
    """A complaint about each rule whose day has come: somebody must look at it again."""
    return [
        f"{rule.place}: expired on {rule.expires}: look whether it still holds"
        + (f" ({rule.bug})" if rule.bug else "")
        for rule in rules
        if rule.expires is not None and rule.expires <= today
    ]


def reproducers(guest_tests: Path) -> dict[str, str]:
    """The programs that each show a kernel's bug, by file name."""
    return {path.name: path.read_text() for path in sorted(guest_tests.glob("reproducers/*.c"))}


def unproven(rules: Sequence[Rule], suites: Sequence[str]) -> list[str]:
    """A complaint about each rule that calls a kernel wrong and has no program to show it.

    What a kernel of one's own does, which a rule names, others need not be shown.
    """
    return [
        f"{rule.place}: wants {rule.want.value!r} of a kernel, without a 'reproducer' to show it"
        for rule in rules
        if rule.want in BROKEN
        and not rule.reproducer
        and not rule.kernels
        and any(pattern.partition(".")[0] in suites for pattern in rule.claims)
    ]


def unsourced(rules: Sequence[Rule], claims: Sequence[str]) -> list[str]:
    """A complaint about each claim of which no rule says where its promise comes from."""
    return [
        f"guest-tests/{claim.partition('.')[0]}/expect.yaml: no rule speaks of {claim}: "
        "one must say, in its 'why', where the promise comes from"
        for claim in claims
        if not any(rule.speaks_of(claim) for rule in rules)
    ]
