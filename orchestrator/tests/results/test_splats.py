"""What kernels complain of: recorded logs of each kind, and whatever else a guest may print."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.model import Splat
from orchestrator.results import splats
from orchestrator.results.patterns import PATTERNS

RECORDED = Path(__file__).parents[1] / "testdata" / "splats"

# file: kind, title, symbols of the fingerprint, whether it is deadly
SAID = {
    "atomic": ("atomic", "BUG: scheduling while atomic", "fault_atomic/faulty_init", False),
    "bug": ("bug", "kernel BUG at faulty.c", "fault_bug/faulty_init", True),
    "bug-alpha": ("bug", "kernel BUG at arch/alpha/mm/fault.c", "do_page_fault/entMM", True),
    "fault-arm64": (
        "fault",
        "Unable to handle kernel NULL pointer dereference",
        "default_idle_call/do_idle/cpu_startup_entry",
        True,
    ),
    "fault-parisc": (
        "fault",
        "Kernel Fault: Data memory access rights trap",
        "sys_getppid",
        True,
    ),
    "fault-x86_64": (
        "fault",
        "BUG: kernel NULL pointer dereference",
        "fault_oops/faulty_init/do_one_initcall",
        True,
    ),
    "hung-task": ("hung-task", "INFO: task hung blocked", "", False),
    "kasan": (
        "kasan",
        "BUG: KASAN: slab-out-of-bounds in kmalloc_oob_right",
        "kmalloc_oob_right/kmalloc_tests_init/do_one_initcall",
        False,
    ),
    "kcsan": (
        "kcsan",
        "BUG: KCSAN: data-race in test_kernel_read",
        "test_kernel_write/access_thread/kthread",
        False,
    ),
    "kfence": (
        "kfence",
        "BUG: KFENCE: out-of-bounds read in test_out_of_bounds_read",
        "test_out_of_bounds_read/kunit_try_run_case",
        False,
    ),
    "kmsan": (
        "kmsan",
        "BUG: KMSAN: uninit-value in test_uninit_kmsan_check_memory",
        "test_uninit_kmsan_check_memory/kunit_try_run_case",
        False,
    ),
    "list": ("list", "list_del corruption", "fault_list/faulty_init/do_one_initcall", True),
    "lockdep": (
        "lockdep",
        "WARNING: suspicious RCU usage",
        "scsi_scan_host_selected/elevator_exit",  # locks that are held: the page wraps lines
        False,
    ),
    "oom-arm64": ("oom", "selfcheck invoked oom-killer", "__alloc_frozen_pages_noprof", False),
    "oom-parisc": (
        "oom",
        "selfcheck invoked oom-killer",
        "__alloc_pages_noprof/__folio_alloc_noprof/handle_mm_fault",
        False,
    ),
    "oom-x86_64": ("oom", "selfcheck invoked oom-killer", "__alloc_pages_slowpath", False),
    **{
        f"panic-{arch}": (
            "panic",
            "Kernel panic - not syncing: sysrq triggered crash",
            "sysrq_handle_crash/__handle_sysrq/write_sysrq_trigger",
            True,
        )
        for arch in ("arm64", "parisc", "x86_64")
    },
    "rcu-stall": (
        "rcu-stall",
        "INFO: rcu_preempt detected stall",
        "fault_rcu/faulty_init/do_one_initcall",
        False,
    ),
    "refcount": (
        "refcount",
        "refcount_t: addition on 0; use-after-free",
        "fault_refcount/faulty_init/do_one_initcall",
        False,
    ),
    "slab": ("slab", "BUG kmalloc-8: Right Redzone overwritten", "__slab_free/kfree", False),
    "soft-lockup": (
        "soft-lockup",
        "BUG: soft lockup",
        "fault_spin/faulty_init/do_one_initcall",
        False,
    ),
    "ubsan": (
        "ubsan",
        "UBSAN: Undefined behaviour in include/linux/bitops.h",
        "_mix_pool_bytes/add_device_randomness",
        False,
    ),
    "warn-arm64": (
        "warn",
        "WARNING at mm/page_alloc.c in __alloc_frozen_pages_noprof",
        "__alloc_frozen_pages_noprof/alloc_pages_mpol",
        False,
    ),
    "warn-parisc": (
        "warn",
        "WARNING at mm/page_alloc.c in __alloc_pages_noprof",
        "__alloc_pages_noprof/___kmalloc_large_node/__kmalloc_noprof",
        False,
    ),
    "warn-x86_64": (
        "warn",
        "WARNING at mm/page_alloc.c in __alloc_frozen_pages_noprof",
        "__alloc_frozen_pages_noprof/alloc_pages_mpol/___kmalloc_large_node",
        False,
    ),
    "warn-x86_64-6.12": (
        "warn",
        "WARNING at mm/page_alloc.c in __alloc_pages_noprof",
        "__alloc_pages_noprof/alloc_pages_mpol_noprof/___kmalloc_large_node",
        False,
    ),
}


def recorded(name: str) -> str:
    return (RECORDED / f"{name}.txt").read_text()


def the_only(text: str) -> Splat:
    (splat,) = splats.find(text)
    return splat


@pytest.mark.parametrize("name", SAID)
def test_a_recorded_report_is_one_splat(name: str) -> None:
    kind, title, symbols, deadly = SAID[name]
    splat = the_only(recorded(name))
    assert (splat.kind, splat.title, splat.deadly) == (kind, title, deadly)
    assert splat.fingerprint.startswith(f"{kind} {symbols}".rstrip())


def test_every_recording_is_tried() -> None:
    assert {path.stem for path in RECORDED.glob("*.txt")} == {*SAID, "reset"}


# What no kernel of ours could be made to print: by the format in the kernel's source.
WRITTEN = {
    # kernel/watchdog.c, pr_emerg("CPU%u: Watchdog detected hard LOCKUP on cpu %u\n")
    "CPU0: Watchdog detected hard LOCKUP on cpu 1": ("hard-lockup", "hard LOCKUP"),
    # kernel/workqueue.c, show_cpu_pool_hog() and its caller
    "BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 31s!": (
        "workqueue",
        "BUG: workqueue lockup",
    ),
    # kernel/sched/core.c, __might_resched()
    "BUG: sleeping function called from invalid context at mm/page_alloc.c:5000": (
        "sleep",
        "BUG: sleeping function called from invalid context at mm/page_alloc.c",
    ),
    # mm/page_alloc.c, bad_page(); kernel/fork.c, check_mm()
    "BUG: Bad page state in process sh  pfn:1234a": ("bad-page", "BUG: Bad page state"),
    "BUG: Bad rss-counter state mm:00000000a1b2c3d4 type:MM_ANONPAGES val:5": (
        "bad-page",
        "BUG: Bad rss-counter state",
    ),
    # arch/x86/kernel/traps.c, exc_general_protection(); mm/fault.c, show_fault_oops()
    "general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1]": (
        "fault",
        "general protection fault",
    ),
    "BUG: unable to handle page fault for address: ffffc90000abcdef": (
        "fault",
        "BUG: unable to handle page fault",
    ),
    # arch/arm64/kernel/traps.c, __die()
    "Internal error: Oops - BUG: 00000000f2000800 [#1] SMP": (
        "fault",
        "Internal error: Oops - BUG",
    ),
    # arch/loongarch/mm/fault.c, no_context()
    "CPU 0 Unable to handle kernel paging request at virtual address 0000000000000000, "
    "era == 9000000000a1b2c4, ra == 9000000000a1b2c0": (
        "fault",
        "Unable to handle kernel paging request",
    ),
    # arch/parisc/kernel/traps.c, parisc_terminate()
    "Bad Address (null pointer deref?): Code=15 (Data TLB miss fault) at addr 00000000": (
        "fault",
        "Bad Address (null pointer deref?): Data TLB miss fault",
    ),
    "High Priority Machine Check (HPMC): Code=1 (High-priority machine check (HPMC)) at addr 0": (
        "fault",
        "High Priority Machine Check (HPMC): High-priority machine check (HPMC)",
    ),
    # mm/oom_kill.c, __oom_kill_process()
    "Memory cgroup out of memory: Killed process 12 (eater) total-vm:1kB": (
        "oom",
        "Out of memory: Killed process eater",
    ),
    # lib/ubsan.c, ubsan_prologue(), since 5.1
    "UBSAN: array-index-out-of-bounds in mm/madvise.c:12:34": (
        "ubsan",
        "UBSAN: array-index-out-of-bounds in mm/madvise.c",
    ),
    "BUG: something nobody thought of": ("bug", "BUG: something nobody thought of"),
}


@pytest.mark.parametrize("line", WRITTEN)
@pytest.mark.parametrize("stamp", ["", "[    4.321000] ", "<4>[    4.321000][    T1] "])
def test_a_line_as_the_source_has_it_is_a_splat(line: str, stamp: str) -> None:
    splat = the_only(f"one\n{stamp}{line}\nthree\n")
    assert (splat.kind, splat.title) == WRITTEN[line]


def test_every_kind_of_the_table_is_seen_somewhere() -> None:
    seen = {said[0] for said in SAID.values()} | {said[0] for said in WRITTEN.values()}
    assert {pattern.kind for pattern in PATTERNS} == seen


@pytest.mark.parametrize(
    "line",
    [
        "Memory failure: 0x1234: recovery action for dirty LRU page: Recovered",
        "INFO: task hung:104 is blocked on a mutex likely owned by task hung:103.",
        "# debug: off",
        "failover: module verification failed: signature and/or required key missing - tainting",
        "---[ end Kernel panic - not syncing: sysrq triggered crash ]---",
        "echo BUG: nothing",
        "WARNING: this is only a remark of a driver",
        "Kernel command line: console=ttyS0 panic=-1 oops=panic",
    ],
)
def test_what_is_no_trouble_is_no_splat(line: str) -> None:
    assert splats.find(f"[ 1.0] Linux version 6.12\n[ 1.1] {line}\nLAB-READY 6.12\n") == ()


def test_a_reset_says_nothing() -> None:
    assert splats.find(recorded("reset")) == ()


def test_what_led_to_a_death_is_what_it_was_and_all_behind_it_belongs_to_it() -> None:
    text = recorded("warn-x86_64") + recorded("fault-x86_64") + recorded("panic-x86_64")
    warned, died = splats.find(text)
    assert (warned.kind, warned.deadly) == ("warn", False)
    assert died.title == "BUG: kernel NULL pointer dereference"
    assert splats.deadly(text) == died


def test_a_warning_is_no_death() -> None:
    assert splats.deadly(recorded("warn-arm64")) is None


def test_reports_that_came_one_after_the_other_are_apart() -> None:
    text = "".join(map(recorded, ("oom-arm64", "warn-arm64", "hung-task", "panic-arm64")))
    found = splats.find(text)
    assert [splat.kind for splat in found] == ["oom", "warn", "hung-task", "panic"]
    assert "Out of memory" not in found[1].excerpt.splitlines()[5:]
    assert [splat.title for splat in splats.stalls(text)] == ["INFO: task hung blocked"]


def test_the_same_report_again_is_the_same_splat() -> None:
    assert the_only(recorded("soft-lockup") * 3).kind == "soft-lockup"


def test_the_same_bug_has_the_same_fingerprint_in_another_boot() -> None:
    text = recorded("warn-arm64")
    moved = text.replace("+0x128c/0x1740", "+0x12a0/0x1760").replace("ffff8000", "ffff9000")
    assert moved != text
    assert the_only(moved).fingerprint == the_only(text).fingerprint
    assert the_only(moved).title == the_only(text).title


def test_the_excerpt_alone_tells_the_same() -> None:
    """What is stored of a console is the excerpt; a splat is found in it again."""
    for name in SAID:
        whole = the_only("before\n" * 50 + recorded(name) + "after\n" * 500)
        again = the_only(whole.excerpt)
        assert (again.title, again.fingerprint) == (whole.title, whole.fingerprint)


def test_a_splat_is_bounded() -> None:
    splat = the_only("BUG: x" + "y" * 5000 + "\n" + "line\n" * 5000)
    assert len(splat.title) <= 160
    assert len(splat.excerpt) < 66 * 301


def test_a_flood_of_them_is_bounded_and_its_end_is_seen() -> None:
    flood = "".join(f"BUG: number {n} of many\n" for n in range(200_000))
    found = splats.find(flood)
    assert len(found) == 8
    silent = "nothing\n" * 200_000 + "Kernel panic - not syncing: at last\n"
    assert the_only(silent).title == "Kernel panic - not syncing: at last"


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_no_text_breaks_the_search(text: str) -> None:
    for splat in splats.find("BUG: " + text):
        assert splat.title
