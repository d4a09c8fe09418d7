"""Where in the kernel something happened: the stack of a report, told in any boot's words alike.

Pure. Addresses and offsets differ from build to build, and the frames that only report the
trouble stand on top of every stack; neither says which bug it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_FRAMES = 3  # symbols: fewer confuse different bugs, more tell one bug's ways apart
_LONGEST = 64  # characters of a symbol

# " func+0x1a/0x30", also behind x86's "RIP: 0010:", arm64's "pc : ", parisc's "IAOQ[0]: ",
# alpha's "pc is at ", and the address of an old or a 32-bit kernel, "[<101cbb30>]". What is behind
# a "?" is a guess.
_FRAME = re.compile(
    r"^\s*(?:RIP: [0-9a-f]{4}:|pc : |pc is at |IAOQ\[0\]: )?(?:\[<[0-9a-f]+>\] )?"
    r"([A-Za-z_][\w.]*)\+0x[0-9a-f]+/0x[0-9a-f]+"
)
# What a compiler adds to the name of a function that it cut up.
_CUT = re.compile(r"\.(?:isra|constprop|part|cold|llvm)(?:\.\d+)*.*$")
_REPORTING = re.compile(
    # Printing, and dying.
    r"(?:show_stack|show_regs|show_trace|dump_stack|dump_header|dump_trace|v?panic|nmi_panic|die|"
    r"__die|oops_end|parisc_show_stack|parisc_terminate|"
    # Noticing.
    r"__warn|warn_slowpath|warn_alloc|report_bug|handle_bug|bug_handler|brk_handler|__list_|"
    r"refcount_warn|bad_page|object_err|check_object|print_circular|lockdep_rcu|watchdog|"
    r"rcu_check_|rcu_sched_clock_irq|rcu_dump_|oom_kill_process|out_of_memory|"
    r"print_address_description|print_report|kasan_|__kasan_|__asan_|kfence_|kcsan_|kmsan_|"
    r"ubsan_|__ubsan_|"
    # On the way there.
    r"exc_|asm_exc_|sysvec_|asm_sysvec|do_mem_abort|el1|handle_interruption|"
    r"schedule|__schedule|__switch_to)\w*$"
)


def fingerprint(kind: str, lines: Iterable[str]) -> str:
    """``warn sock_kmalloc/____sys_sendmsg``: the kind alone when there is no stack to be seen."""
    found = [symbol for _, symbol in zip(range(_FRAMES), _symbols(lines), strict=False)]
    return " ".join(part for part in (kind, "/".join(found)) if part)


def _symbols(lines: Iterable[str]) -> Iterator[str]:
    last = ""
    for line in lines:
        match = _FRAME.match(line)
        if match is None:
            continue
        symbol = _CUT.sub("", match[1])[:_LONGEST]
        # The place that faulted is told twice, as a register and as the first frame.
        if symbol != last and not _REPORTING.match(symbol):
            yield symbol
        last = symbol
