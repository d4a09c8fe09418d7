"""What can be booted: architectures, kernels, and the two together."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrator.model.sources import DebianSource, ImageSource, Source


@dataclass(frozen=True, kw_only=True)
class Arch:
    """A row of the architecture table; see arches.py for what the fields hold and why.

    What has a default here is the same on most architectures.
    """

    name: str  # ours, and what people write: x86_64, arm64, parisc
    aliases: tuple[str, ...]  # what other tools call it, for "did you mean"
    kernel_arch: str  # the kernel's ARCH=
    debian: str  # Debian's name
    triplet: str  # GNU triplet, also CROSS_COMPILE= without its last dash
    builder: str | None = None  # the same of its kernels; None: they have the programs' compiler
    flavour: str | None  # Debian's kernel flavour to boot; None: Debian packages no kernel for it
    flavour_once: str | None = None  # what Debian called the same in older releases, if otherwise
    link: tuple[str, ...] = ()  # what the compiler is told besides when it links a static program
    elf: str | int  # its name, or number, in an ELF header, e_machine; several rows may share one
    bits: int  # of the kernel: 32 or 64
    uname: str  # what `uname -m` says in a guest
    image: str  # what a kernel build leaves for QEMU to boot, relative to its tree
    magic: tuple[int, bytes] | None = None  # where a bare image says that it is one, if it does
    qemu: str  # qemu-system-<this>
    qemu_since: tuple[int, int]  # the oldest QEMU that boots all series; why: in arches.py
    qemu_package: str  # the Debian package that has it
    machine: str  # -M
    settings: tuple[str, ...] = ()  # -global: what devices that the machine brings are told
    cpu: str | None  # -cpu when emulated; None takes the machine's own
    firmware: str | None = None  # -bios; None: the machine's own, or none at all
    memory: int = 512  # -m, in MiB: the least in which every suite runs
    devices: tuple[str, ...]  # further -device arguments
    bus: str | None  # the module by which a kernel finds those of virtio; None: never a module
    console: str  # the kernel's console=
    serial: str | None = None  # the -device behind that; None: the machine's first serial port
    gdb: tuple[str, ...]  # what gdb is told about it, since not every QEMU tells it
    boot_args: tuple[str, ...]  # further kernel arguments; none may change mm behaviour
    page_sizes: tuple[int, ...] = (4096,)  # bytes; that the lab's kernels for it may have
    pace: float = 10  # how slow an emulated guest is on the slowest machine we support, 1 = native
    ready: float = 20  # seconds from QEMU's start to a guest that answers, at that pace
    # The same for a guest that goes on from a saved state; None: its state cannot be saved.
    awake: float | None = None

    @property
    def flavours(self) -> tuple[str, ...]:
        """Debian's names for the kernel to boot: of a release's packages the first one is it."""
        return tuple(name for name in (self.flavour, self.flavour_once) if name)


@dataclass(frozen=True)
class Kernel:
    """A named source of a kernel image. ``rank`` is its place in lab.yaml, oldest first."""

    name: str
    rank: int
    source: Source
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
        match self.kernel.source:
            case DebianSource() as source:
                return self.arch.flavour is None or source.is_built
            case ImageSource():
                return False
            case _:
                return True

    @property
    def headers(self) -> str:
        """The version in whose headers the suites' advice numbers are looked up, or ""."""
        match self.kernel.headers:
            case Kernel(source=DebianSource(version=version)):
                return version
            case _:
                return ""

    def __str__(self) -> str:
        return f"{self.kernel.name}/{self.arch.name}"
