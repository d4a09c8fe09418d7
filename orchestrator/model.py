"""The nouns of the lab: frozen values that know nothing of files, sockets or QEMU."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path


class Verdict(enum.Enum):
    """What was seen when one claim met one target."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"  # the kernel broke the promise
    ABSENT = "absent"  # the kernel says EINVAL or ENOSYS: it makes no such promise
    SKIP = "skip"  # a precondition of the test is missing, such as a CONFIG option
    ERROR = "error"  # the test could not set the scene: our bug
    TIMEOUT = "timeout"  # the claim, or the guest under it, went silent
    PANIC = "panic"  # the kernel died while the claim ran
    MISSING = "missing"  # planned, never reached


class Ending(enum.Enum):
    """How one boot of a guest came to its end."""

    DONE = "done"  # everything asked of it was answered, and we stopped it
    PANIC = "panic"  # the kernel died
    SILENT = "silent"  # it ran into a time limit without a word
    FAILED = "failed"  # it went down in order, but before it was ready
    INFRA = "infra"  # the host's fault; nothing is said about the kernel


@dataclass(frozen=True, order=True)
class Release:
    """A kernel version that can be compared: 5.10.262, 7.3-rc7.

    A release candidate sorts before the release that it leads to.
    """

    major: int
    minor: int
    patch: int = 0
    # The release itself sorts after all of its candidates.
    candidate: int = field(default=1 << 16)

    _FORM = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:[-~]rc(\d+))?")

    @classmethod
    def parse(cls, text: str) -> Release:
        """The release that ``text`` starts with (``uname -r``, a package version, ``v6.1``).

        Raises ValueError when it starts with none.
        """
        match = cls._FORM.match(text.removeprefix("v"))
        if match is None:
            raise ValueError(f"{text!r} is not a kernel release such as 6.12.117 or 7.3-rc7")
        major, minor, patch, candidate = match.groups()
        return cls(
            int(major),
            int(minor),
            int(patch or 0),
            int(candidate) if candidate else 1 << 16,
        )

    @property
    def series(self) -> tuple[int, int]:
        """The stable series: (6, 12) for 6.12.117."""
        return (self.major, self.minor)

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}"
        if self.patch:
            text += f".{self.patch}"
        if self.candidate != 1 << 16:
            text += f"-rc{self.candidate}"
        return text


@dataclass(frozen=True)
class Arch:
    """A row of the architecture table; see arches.py for what the fields hold and why."""

    name: str  # ours, and what people write: x86_64, arm64, parisc
    aliases: tuple[str, ...]  # what other tools call it, for "did you mean"
    kernel_arch: str  # the kernel's ARCH=
    debian: str  # Debian's name
    triplet: str  # GNU triplet, also CROSS_COMPILE= without its last dash
    flavour: str | None  # Debian's kernel flavour to boot; None: Debian packages no kernel for it
    image: str  # what a kernel build leaves for QEMU to boot, relative to its tree
    qemu: str  # qemu-system-<this>
    qemu_since: tuple[int, int]  # the oldest QEMU that boots all series; why: in arches.py
    qemu_package: str  # the Debian package that has it
    machine: str  # -M
    cpu: str | None  # -cpu when emulated; None takes the machine's own
    memory: int  # -m, in MiB: the least in which every suite runs
    devices: tuple[str, ...]  # further -device arguments
    console: str  # the kernel's console=
    boot_args: tuple[str, ...]  # further kernel arguments; none may change mm behaviour
    page_sizes: tuple[int, ...]  # bytes; that the lab's kernels for it may have
    pace: float  # how slow an emulated guest is on the slowest machine we support, 1 = native
    ready: float  # seconds from QEMU's start to a guest that answers, at that pace


@dataclass(frozen=True)
class DebianSource:
    """A kernel out of Debian's archive: its package, or a build of its source package.

    It is built where Debian packages none, and where ``build`` or a patch asks for it.
    """

    suites: tuple[str, ...]  # tried in this order: ("bullseye-security", "bullseye")
    version: str  # series ("6.12"), release ("6.12.117") or package version ("6.12.117-1")
    flavour: str | None = None  # of a package; None takes the arch's own
    build: bool = False
    patches: tuple[Path, ...] = ()  # for a build, applied in this order


@dataclass(frozen=True)
class Kernel:
    """A named source of a kernel image. ``rank`` is its place in lab.yaml, oldest first."""

    name: str
    rank: int
    source: DebianSource
    headers: Kernel | None = None  # in whose headers the suites' advice numbers are looked up


@dataclass(frozen=True)
class Kselftest:
    """Tests of the kernel's own, run as a suite: the same ones on every kernel."""

    directory: str  # below tools/testing/selftests/, as in "mm"
    of: Kernel  # from whose source they are taken
    tests: tuple[str, ...]  # programs, as the directory's Makefile calls them

    @property
    def suite(self) -> str:
        """The name of the suite that they are."""
        return kselftest_suite(self.directory)


def kselftest_suite(directory: str) -> str:
    """What a directory of the kernel's own tests is called as a suite."""
    return f"kselftest-{directory.replace('/', '-')}"


@dataclass(frozen=True)
class Target:
    """A kernel on an arch: one column of the matrix, written ``6.12/parisc``."""

    kernel: Kernel
    arch: Arch

    @property
    def is_built(self) -> bool:
        """Whether its kernel is compiled here, and not only fetched."""
        source = self.kernel.source
        return self.arch.flavour is None or source.build or bool(source.patches)

    def __str__(self) -> str:
        return f"{self.kernel.name}/{self.arch.name}"


@dataclass(frozen=True)
class Claim:
    """One promise of the kernel: one row of the matrix.

    ``name`` is ``suite.claim-name`` and is never reused: history hangs on it.
    """

    name: str
    text: str  # the promise, in one sentence
    file: str = ""  # where it is written, relative to ``tree``
    line: int = 0
    tree: str = "guest-tests"

    @property
    def suite(self) -> str:
        return self.name.partition(".")[0]

    @property
    def place(self) -> str:
        """The file, its tree and the line, for a reader; "" when it is not known."""
        return f"{self.tree}/{self.file}:{self.line}" if self.file else ""


@dataclass(frozen=True)
class Suite:
    """A directory of guest-tests/: one static binary, a handful of claims."""

    name: str
    about: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Splat:
    """One complaint of a kernel in its log: a panic, a warning, a stall; see results/splats.py."""

    kind: str  # of the table: "warn", "oom"
    title: str  # the line that says it, without what differs from boot to boot
    fingerprint: str  # kind and first symbols of the stack: the same bug has the same one
    excerpt: str  # lines of the log around it, bounded
    deadly: bool = False  # the kernel does not live on


@dataclass(frozen=True)
class Result:
    """What one line of KTAP said, and what the kernel's log said while the claim ran."""

    claim: str
    verdict: Verdict
    note: str = ""
    milliseconds: int | None = None
    splats: tuple[Splat, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A departure from "every claim passes", and why.

    A release is covered from ``since`` on and until (not including) ``until``. A fix that
    stable series took as well lists those point releases in ``backports``.
    """

    claims: tuple[str, ...]  # shell patterns over claim names
    want: Verdict
    why: str
    since: Release | None = None
    until: Release | None = None
    backports: tuple[Release, ...] = ()
    arches: tuple[str, ...] = ()  # empty: all
    config: tuple[tuple[str, bool], ...] = ()  # (option without CONFIG_, whether it must be set)
    place: str = ""  # file:line, for the reader who wants to see it
    reproducer: str = ""  # of a kernel's bug: a file of guest-tests/reproducers/
    headers_until: Release | None = None  # only for suites built with headers older than that
    splat: str = ""  # shell pattern over the titles of splats that may come with it

    def covers(
        self,
        claim: str,
        arch: str,
        release: Release,
        config: Mapping[str, str],
        headers: Release | None = None,
    ) -> bool:
        """Whether the rule speaks about this cell.

        ``config`` maps option names to values; ``headers`` are those that the suites' advice
        numbers are from, None for their own.
        """
        return (
            self.speaks_of(claim)
            and (not self.arches or arch in self.arches)
            and (
                self.headers_until is None or (headers is not None and headers < self.headers_until)
            )
            and (self.since is None or self._reached(self.since, release))
            and (self.until is None or not self._reached(self.until, release))
            and all((config.get(name) in ("y", "m")) is wanted for name, wanted in self.config)
        )

    def speaks_of(self, claim: str) -> bool:
        """Whether it is about this claim, on some kernel."""
        return any(fnmatchcase(claim, pattern) for pattern in self.claims)

    def _reached(self, mainline: Release, release: Release) -> bool:
        return release >= mainline or any(
            release.series == taken.series and release >= taken for taken in self.backports
        )


@dataclass(frozen=True)
class Boot:
    """One life of one guest. Times are seconds since QEMU was started."""

    number: int  # 1 for the first
    ending: Ending
    why: str = ""  # one sentence, when the ending is not DONE
    ready: float | None = None  # console said that SSH listens; None: it never did
    first_result: float | None = None
    seconds: float = 0.0
    ktap: Mapping[str, str] = field(default_factory=dict)  # suite -> text, as it came
    splat: str = ""  # bounded excerpt of the console, when the kernel died or stalled
    look: str = ""  # the command that shows more, when the ending is INFRA
    retry_of: tuple[str, ...] = ()  # the claims that it repeats; empty: a boot of the run itself


@dataclass(frozen=True)
class Run:
    """One target, once: everything that was seen and everything that it was seen with."""

    target: str
    kernel: str
    arch: str
    release: Release | None  # None: the kernel could not be had
    version: str = ""  # package version, or how it was built
    origin: str = ""  # where the image came from, in words
    notes: tuple[str, ...] = ()  # what a reader should know about how it was had
    qemu: str = ""
    argv: tuple[str, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, str] = field(default_factory=dict)
    headers: str = ""  # release of the headers that the suites' advice numbers are from
    boots: tuple[Boot, ...] = ()
    infra: str = ""  # what went wrong on our side, in one sentence
    look: str = ""  # the command that shows more

    @property
    def further(self) -> str:
        """The command that shows more: its own, or the last boot's."""
        return self.look or (self.boots[-1].look if self.boots else "")


@dataclass(frozen=True)
class Plan:
    """What one invocation of the lab set out to do: every target times every claim."""

    id: str  # sorts by time: 20261121T013000Z
    started: str  # ISO 8601, UTC
    targets: tuple[tuple[str, str], ...]  # (kernel, arch), in the order of lab.yaml
    suites: tuple[Suite, ...]
    broken: str = ""  # the lie that the suites tell about the kernel
    sources: str = ""  # a digest of what the suites are built from
    retries: int = 0  # how often a surprise is tried again


@dataclass(frozen=True)
class Attempt:
    """What one guest had to say about a claim."""

    boot: int
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """A claim on a target: what was seen, what was wanted, and why."""

    claim: str
    target: str
    got: Verdict
    want: Verdict
    why: str = ""  # of the rule that applied, or ""
    note: str = ""  # what the guest, or the lab, said about the outcome
    place: str = ""  # of the rule
    infra: bool = False  # MISSING through no fault of the kernel
    boot: int = 0  # which boot of the guest decided; 0: none
    milliseconds: int | None = None
    splats: tuple[Splat, ...] = ()
    splat: str = ""  # of the rule: a shell pattern over the titles of splats that may be there
    attempts: tuple[Attempt, ...] = ()  # all of them, the one that decided first

    @property
    def flaky(self) -> bool:
        """Guests disagree about it. The first verdict stands, and nobody may rely on it."""
        return len({attempt.verdict for attempt in self.attempts}) > 1

    @property
    def as_wanted(self) -> int:
        """How many of the attempts came out as wanted."""
        return sum(attempt.verdict is self.want for attempt in self.attempts)

    @property
    def surprise(self) -> bool:
        """Seen is not wanted, or not every time, or the kernel complained meanwhile. What was
        never reached is counted apart."""
        if self.flaky:
            return True
        return self.got is not Verdict.MISSING and (
            self.got is not self.want or bool(self.unexpected_splats)
        )

    @property
    def unexpected_splats(self) -> tuple[Splat, ...]:
        """Those that no rule allows. A panic that is wanted, in whatever words, is allowed."""
        wanted = self.got is self.want is Verdict.PANIC and not self.splat
        return tuple(
            splat
            for splat in self.splats
            if not (wanted and splat.deadly) and not fnmatchcase(splat.title, self.splat)
        )

    @property
    def known_bug(self) -> bool:
        """A rule wants exactly this failure: a bug of the kernel, shown as one."""
        return self.got is self.want and self.got in BROKEN and not self.flaky


BROKEN = frozenset({Verdict.FAIL, Verdict.TIMEOUT, Verdict.PANIC})
