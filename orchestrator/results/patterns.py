"""The table of what kernels complain of: how each kind of report begins, and what it is called.

The same table reads the console of a dead guest and the log of a living one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SYSTEM = r"(?:[A-Za-z][A-Za-z ]{1,20}: )?"  # "rcu: ", "watchdog: ": who says it


@dataclass(frozen=True)
class Pattern:
    """One kind of line that begins a report."""

    kind: str
    form: re.Pattern[str]  # of a line from its start on, without time stamp and system
    title: str  # made of the form's groups, so that it is the same in every boot
    deadly: bool = False
    swallows: tuple[str, ...] = ()  # kinds that are part of this report when they follow


def _pattern(
    kind: str, form: str, title: str = r"\g<0>", *, deadly: bool = False, swallows: str = ""
) -> Pattern:
    whole = re.compile(f"{_SYSTEM}(?:{form})")
    return Pattern(kind, whole, title, deadly, tuple(swallows.split()))


# The first that fits a line counts: what says more stands before what says less. With oops=panic
# on the kernel's command line every oops is deadly. A recorded log of each kind is in
# tests/testdata/splats/.
PATTERNS = (
    _pattern("panic", r"Kernel panic - not syncing: .*", deadly=True),
    # Sanitizers and debugging aids.
    _pattern("kasan", r"BUG: KASAN: ([\w -]+) in (\w+).*", r"BUG: KASAN: \1 in \2"),
    _pattern("kfence", r"BUG: KFENCE: ([\w -]+?)(?: in (\w+).*)?$", r"BUG: KFENCE: \1 in \2"),
    _pattern("kcsan", r"BUG: KCSAN: ([\w -]+) in (\w+).*", r"BUG: KCSAN: \1 in \2"),
    _pattern("kmsan", r"BUG: KMSAN: ([\w -]+) in (\w+).*", r"BUG: KMSAN: \1 in \2"),
    _pattern("ubsan", r"UBSAN: (.+?) in (?:\.\./)*([\w./-]+?)(?::\d+)*$", r"UBSAN: \1 in \2"),
    _pattern("slab", r"BUG ([\w-]+)(?: \(.*?\))?: (.*)", r"BUG \1: \2"),
    _pattern(
        "lockdep",
        r"(?:WARNING|INFO): ((?:possible|suspicious RCU|inconsistent lock|bad unlock|held lock|"
        r"lock held|[Nn]ested lock|\S+-safe -> ).*)",
        r"WARNING: \1",
    ),
    # What no longer goes on.
    _pattern("soft-lockup", r"BUG: soft lockup - CPU#\d+ stuck.*", "BUG: soft lockup"),
    _pattern("hard-lockup", r".*[Dd]etected hard LOCKUP.*", "hard LOCKUP"),
    _pattern("workqueue", r"BUG: workqueue lockup.*", "BUG: workqueue lockup"),
    _pattern(
        "rcu-stall",
        r"INFO: (rcu\w*) (?:self-)?detected (?:expedited )?stalls? on.*",
        r"INFO: \1 detected stall",
    ),
    _pattern(
        "hung-task", r"INFO: task (.+?):\d+ blocked .*for more than.*", r"INFO: task \1 blocked"
    ),
    # No memory. The first line has the stack, the other the victim.
    _pattern("oom", r"(.{1,16}) invoked oom-killer: .*", r"\1 invoked oom-killer", swallows="oom"),
    _pattern(
        "oom",
        r"(?:Memory cgroup o|O)ut of memory.*: Killed process \d+ \((.{1,16}?)\).*",
        r"Out of memory: Killed process \1",
    ),
    # Broken invariants: the words come first, then a warning or a BUG that says where.
    _pattern("refcount", r"refcount_t: (.+?)\.?$", r"refcount_t: \1", swallows="warn"),
    _pattern("list", r"(list_(?:add|del) corruption).*", r"\1", swallows="warn bug"),
    _pattern("atomic", r"BUG: scheduling while atomic: (.+?)/.*", r"BUG: scheduling while atomic"),
    _pattern("sleep", r"(BUG: sleeping function called from invalid context at [\w./-]+).*", r"\1"),
    _pattern("bad-page", r"BUG: (Bad page \w+|Bad rss-counter state).*", r"BUG: \1"),
    # Faults of the kernel's own.
    # The other way to spell it is alpha's.
    _pattern("bug", r"(?:kernel BUG|Kernel bug) at ([^\s!:]+).*", r"kernel BUG at \1", deadly=True),
    _pattern(
        "fault", r"BUG: (unable to handle [a-zA-Z ]*?)(?: (?:for|at) .*)?$", r"BUG: \1", deadly=True
    ),
    _pattern("fault", r"BUG: (kernel NULL pointer dereference).*", r"BUG: \1", deadly=True),
    _pattern("fault", r"BUG: (.*stack guard page was hit).*", r"BUG: \1", deadly=True),
    _pattern(
        "fault",
        r"(general protection fault|double fault|divide error|PANIC: double fault).*",
        r"\1",
        deadly=True,
    ),
    _pattern(
        "fault",
        r"(?:CPU \d+ )?(Unable to handle kernel .*?)(?: at virtual address .*)?$",  # CPU: loong64
        r"\1",
        deadly=True,
    ),
    _pattern("fault", r"(Internal error: .*?)(?:: [0-9a-f]+)? \[#\d+\].*", r"\1", deadly=True),
    _pattern(
        "fault",
        r"(Kernel Fault|Bad Address \(null pointer deref\?\)|High Priority Machine Check \(HPMC\)"
        r"|Low Priority Machine Check|Fault): Code=\d+ \((.*)\) at addr.*",
        r"\1: \2",
        deadly=True,
    ),
    _pattern("fault", r"(Oops)(?:: | - |\[).*", r"\1", deadly=True),
    # 7.x has "WARNING: file:line at function", its elders "WARNING: CPU: … at file:line function".
    _pattern(
        "warn",
        r"WARNING: (?:CPU: \d+ PID: \d+ )?at ([^\s:]+):\d+ ([\w.]+?)(?:\+0x.*)?$",
        r"WARNING at \1 in \2",
    ),
    _pattern("warn", r"WARNING: ([^\s:]+):\d+ at ([\w.]+?)(?:\+0x.*)?$", r"WARNING at \1 in \2"),
    _pattern("bug", r"BUG: .*"),
)

# A guest that is silent may owe it to one of these.
STALLS = frozenset({"soft-lockup", "hard-lockup", "workqueue", "rcu-stall", "hung-task"})

# Whatever begins a report has one of these: to look for all patterns in every line takes long.
HINT = re.compile(
    r"BUG|bug at|WARNING|INFO|UBSAN|panic|LOCKUP|oom-killer|memory|refcount_t|corruption|fault|"
    r"Fault|error|Unable|Oops|Code="
)
