"""What the lab knows about each architecture. Adding one is adding a row.

Nothing else in the package asks which architecture it has in hand: where behaviour
differs, a field here is the name for the difference.
"""

from __future__ import annotations

import functools

from orchestrator.model import Arch

# Initcalls that only cost time under emulation and have no hand in memory management: a
# jitter-entropy self-test, the built-in certificates, BPF's type tables, trace event maps.
# Together they are about a quarter of an emulated boot. (cryptomgr and crypto_algapi must
# stay: without them the boot hangs.)
_SLOW_INITCALLS = (
    "cryptomgr.notests",
    "initcall_blacklist=jent_mod_init,load_system_certificate_list,"
    "bpf_tcp_ca_kfunc_init,bpf_dummy_struct_ops_init,trace_eval_init",
)

# Whether the timer's interrupts arrive is tried for some milliseconds; on a busy host an emulated
# one can miss them all, and the kernel panics. (Where it knows that it is a guest it trusts them.)
_TRUSTED_TIMER = "no_timer_check"

# Without an option ROM, which only a boot over the network would need.
_VIRTIO_PCI = ("virtio-net-pci,romfile=,netdev=net", "virtio-rng-pci")

# What most rows have alike; each says what it has otherwise.
_usual = functools.partial(
    Arch,
    qemu_since=(10, 0),
    devices=_VIRTIO_PCI,
    bus="virtio_pci",
    console="ttyS0",
    boot_args=_SLOW_INITCALLS,
)

ARCHES = {
    arch.name: arch
    for arch in (
        _usual(
            name="x86_64",
            aliases=("amd64", "x86-64", "x64"),
            kernel_arch="x86",
            debian="amd64",
            triplet="x86_64-linux-gnu",
            flavour="cloud-amd64",
            elf="EM_X86_64",
            bits=64,
            uname="x86_64",
            # The bare ELF, entered through its PVH note: saves the guest the decompression.
            image="vmlinux",
            qemu="x86_64",
            qemu_since=(7, 2),
            qemu_package="qemu-system-x86",
            machine="q35",
            cpu="max",
            gdb=("set architecture i386:x86-64",),
            boot_args=(*_SLOW_INITCALLS, _TRUSTED_TIMER, "noreplace-smp"),
            awake=4,
        ),
        _usual(
            name="arm64",
            aliases=("aarch64",),
            kernel_arch="arm64",
            debian="arm64",
            triplet="aarch64-linux-gnu",
            flavour="cloud-arm64",
            elf="EM_AARCH64",
            bits=64,
            uname="aarch64",
            image="arch/arm64/boot/Image",
            magic=(0x38, b"ARM\x64"),  # Documentation/arch/arm64/booting.rst
            qemu="aarch64",
            qemu_since=(7, 2),
            qemu_package="qemu-system-arm",
            machine="virt",
            # "max" computes pointer authentication in software on every call and return.
            cpu="cortex-a76",
            console="ttyAMA0",
            gdb=("set architecture aarch64",),
            # KASLR forces page-table isolation on a CPU that does not need it (no E0PD, though
            # CSV3), and then every system call flushes QEMU's TLB twice: 65 us instead of 7.
            boot_args=(*_SLOW_INITCALLS, "kpti=off"),
            page_sizes=(4096, 16384, 65536),
            awake=4,
        ),
        _usual(
            name="parisc",
            aliases=("hppa", "parisc32"),
            kernel_arch="parisc",
            debian="hppa",
            triplet="hppa-linux-gnu",
            flavour=None,  # Debian Ports builds it, the main archive does not
            elf="EM_PARISC",
            bits=32,
            uname="parisc",
            image="vmlinux",
            qemu="hppa",
            # 7.2 boots 5.10 alone: 6.1 panics "deadlocked on memory", later ones fault in
            # ___slab_alloc.
            qemu_since=(10, 0),
            qemu_package="qemu-system-misc",
            machine="B160L",
            cpu=None,
            memory=256,
            # e1000, the default, aborts QEMU when its option ROM is missing. Without the entropy
            # of the other device the first SSH handshake waits a second for the kernel's pool.
            devices=_VIRTIO_PCI,
            gdb=("set architecture hppa1.0", "set endian big"),
            boot_args=(),
            # Enough also for a guest that stands still for 17 s. QEMU takes a tick that is to be in
            # less than a microsecond, or was already when the host came to it, for one of the
            # next round of 2^34 ns (target/hppa/int_helper.c, write_interval_timer). It is
            # one guest in some hundred, whose own clock does not show it.
            pace=15,
            ready=10,
            # QEMU 10.0 dies of a segmentation fault as it saves the state of this machine.
            awake=None,
        ),
        _usual(
            name="parisc64",
            aliases=("hppa64", "pa20"),
            kernel_arch="parisc",
            debian="hppa",
            # Programs have 32 bits, as there is no C library for more; the kernel has a compiler
            # of its own, and that of the programs makes its 32-bit vDSO.
            triplet="hppa-linux-gnu",
            builder="hppa64-linux-gnu",
            flavour=None,  # Debian Ports builds it, the main archive does not
            elf="EM_PARISC",
            bits=64,
            uname="parisc64",
            image="vmlinux",
            qemu="hppa",
            qemu_package="qemu-system-misc",
            machine="C3700",
            # Its own console is a card of three ports, at the second of which 6.12 warns and is
            # tainted: pcim_iomap() of a BAR that is mapped already (drivers/pci/devres.c), which
            # serial8250_pci_setup_port() does for each port, and in 7.2 no longer.
            settings=("diva-gsp.disable=on",),
            serial="pci-serial",
            cpu=None,
            gdb=("set architecture hppa1.0", "set endian big"),
            boot_args=(),
            pace=15,
            # Its state can be saved and gone on from, but a guest cannot be made one of its own:
            # parisc's get_user() evaluates its pointer twice since it probes (6.1.192, 6.12.107,
            # 7.2.12), and RNDADDENTROPY, which asks for p++, reads another length than was given.
            awake=None,
        ),
        _usual(
            name="i386",
            aliases=("i486", "i586", "i686", "x86_32"),
            kernel_arch="i386",
            debian="i386",
            triplet="i686-linux-gnu",
            flavour="686-pae",
            elf="EM_386",
            bits=32,
            uname="i686",
            image="vmlinux",
            qemu="i386",
            qemu_package="qemu-system-x86",
            machine="q35",
            cpu="max",
            gdb=("set architecture i386",),
            boot_args=(*_SLOW_INITCALLS, _TRUSTED_TIMER),
        ),
        _usual(
            name="s390x",
            aliases=("s390", "zarch"),
            kernel_arch="s390",
            debian="s390x",
            triplet="s390x-linux-gnu",
            flavour="s390x",
            elf="EM_S390",
            bits=64,
            uname="s390x",
            image="arch/s390/boot/bzImage",
            magic=(0x10008, b"S390EP"),  # arch/s390/boot/head.S
            qemu="s390x",
            qemu_package="qemu-system-s390x",
            machine="s390-ccw-virtio",
            cpu="max",
            # A mainframe's own bus. Its devices have no option ROM to leave out.
            devices=("virtio-net-ccw,netdev=net", "virtio-rng-ccw"),
            bus=None,
            console="ttysclp0",
            serial="sclpconsole",  # there is no serial port
            gdb=("set architecture s390:64-bit", "set endian big"),
        ),
        _usual(
            name="alpha",
            aliases=("ev6", "axp"),
            kernel_arch="alpha",
            debian="alpha",
            triplet="alpha-linux-gnu",
            # Linked with relaxation, which is the default, a static program dies of SIGSEGV before
            # it reaches main (binutils 2.40 with glibc 2.36).
            link=("-Wl,--no-relax",),
            flavour=None,  # Debian Ports builds it, the main archive does not
            elf=0x9026,  # EM_ALPHA in all tools but the registry: include/uapi/linux/elf-em.h
            bits=64,
            uname="alpha",
            image="vmlinux",
            qemu="alpha",
            qemu_package="qemu-system-misc",
            machine="clipper",
            cpu=None,
            gdb=("set architecture alpha",),
            # arch/alpha's die_if_kernel() does not heed oops=panic; this is heeded behind it.
            boot_args=("sysctl.kernel.oops_limit=1",),
            page_sizes=(8192,),
        ),
        _usual(
            name="loong64",
            aliases=("loongarch64", "loongarch", "la64"),
            kernel_arch="loongarch",
            debian="loong64",
            triplet="loongarch64-linux-gnu",
            flavour="loong64",
            elf="EM_LOONGARCH",
            bits=64,
            uname="loongarch64",
            # Debian packs it for EFI to unpack, which is done here: an emulated CPU is slow at it.
            image="arch/loongarch/boot/vmlinux.efi",
            magic=(0x38, b"\xcd\x23\x82\x81"),  # LINUX_PE_MAGIC: arch/loongarch/kernel/head.S
            qemu="loongarch64",
            qemu_package="qemu-system-misc",
            machine="virt",
            cpu="la464",
            # Without EFI the kernel is told of no ACPI, and finds neither PCI nor the network.
            firmware="/usr/share/qemu-efi-loongarch64/QEMU_EFI.fd",
            memory=1024,
            gdb=("set architecture Loongarch64",),
            page_sizes=(16384,),
        ),
        _usual(
            name="ppc64el",
            aliases=("ppc64le", "powerpc64le", "powerpc", "ppc64"),
            kernel_arch="powerpc",
            debian="ppc64el",
            triplet="powerpc64le-linux-gnu",
            # With 64K pages. Since 6.12 "powerpc64le" is a kernel with 4K pages.
            flavour="powerpc64le-64k",
            flavour_once="powerpc64le",
            elf="EM_PPC64",
            bits=64,
            uname="ppc64le",
            image="vmlinux",
            qemu="ppc64",
            # 10.0.2 does not notice a write to a page that was read since it was clean, because
            # ppc_radix64_check_rc() lets a load leave a TLB entry that allows stores: what
            # MADV_FREE named goes although it was written since. 7.2.22 was right.
            qemu_package="qemu-system-ppc",
            # QEMU's own few words of firmware: SLOF would take most of the boot.
            machine="pseries,x-vof=on",
            cpu="power10",
            console="hvc0",
            gdb=("set architecture powerpc:common64", "set endian little"),
            page_sizes=(4096, 65536),
            awake=4,
        ),
        _usual(
            name="armhf",
            aliases=("arm", "armv7", "armv7l", "arm32"),
            kernel_arch="arm",
            debian="armhf",
            triplet="arm-linux-gnueabihf",
            flavour="armmp-lpae",
            elf="EM_ARM",
            bits=32,
            uname="armv7l",
            image="arch/arm/boot/zImage",
            magic=(0x24, b"\x18\x28\x6f\x01"),  # arch/arm/boot/compressed/head.S
            qemu="arm",
            qemu_package="qemu-system-arm",
            machine="virt",
            cpu="max",
            console="ttyAMA0",
            gdb=("set architecture arm",),
            awake=4,
        ),
        _usual(
            name="mips64el",
            aliases=("mips", "mips64", "mipsel"),
            kernel_arch="mips",
            debian="mips64el",
            triplet="mips64el-linux-gnuabi64",
            flavour="5kc-malta",
            elf="EM_MIPS",
            bits=64,
            uname="mips64",
            image="vmlinux",
            qemu="mips64el",
            qemu_package="qemu-system-mips",
            machine="malta",
            cpu="MIPS64R2-generic",
            gdb=("set architecture mips:isa64r2", "set endian little"),
            awake=4,
        ),
        _usual(
            name="riscv64",
            aliases=("riscv", "rv64"),
            kernel_arch="riscv",
            debian="riscv64",
            triplet="riscv64-linux-gnu",
            flavour="riscv64",
            elf="EM_RISCV",
            bits=64,
            uname="riscv64",
            image="arch/riscv/boot/Image",
            magic=(0x38, b"RSC\x05"),  # Documentation/arch/riscv/boot-image-header.rst
            qemu="riscv64",
            qemu_package="qemu-system-riscv",
            machine="virt",
            cpu="rv64",
            gdb=("set architecture riscv:rv64",),
            # With QEMU 10.0.2 no timer goes off in a guest that goes on from a saved state.
            awake=None,
        ),
    )
}
