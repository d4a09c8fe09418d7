from orchestrator.model import Verdict
from orchestrator.render import numbers
from orchestrator.results.matrix import Matrix
from orchestrator.tests import matrices


def abi() -> Matrix:
    """Two advices on two arches; parisc's old number works on 6.12 alone."""
    made = matrices.suite(
        "abi",
        "madv-wipeonfork-is-18",
        "madv-dontneed-locked-is-24",
        "madv-normal-is-0",
        "old-parisc-71-is-wipeonfork",
        "madv-5-to-7-unknown",
    )
    absent = (Verdict.ABSENT, "EINVAL")
    old = {"abi__old_parisc_71_is_wipeonfork": absent}
    runs = [
        matrices.run("6.1", "x86_64", (made,), abi__madv_dontneed_locked_is_24=absent, **old),
        matrices.run("6.12", "x86_64", (made,), **old),
        matrices.run("6.1", "parisc", (made,), **old),
        matrices.run("6.12", "parisc", (made,)),
    ]
    return matrices.judged((made,), runs)


def test_the_advices_are_read_out_of_the_claims_names() -> None:
    found = numbers.advices(abi(), ())
    assert [(one.name, one.number) for one in found] == [
        ("MADV_NORMAL", 0),
        ("MADV_WIPEONFORK", 18),
        ("MADV_DONTNEED_LOCKED", 24),
    ]


def test_an_old_number_stands_under_its_own_arch_alone() -> None:
    old = numbers.advices(abi(), ())[1].old
    assert old is not None
    assert (old.arch, old.number) == ("parisc", 71)
    assert [cell.got if cell else None for cell in old.cells] == [
        None,
        None,
        Verdict.ABSENT,
        Verdict.PASS,
    ]


def test_one_line_says_what_a_library_must_know() -> None:
    lines = [advice.line for advice in numbers.advices(abi(), ())]
    assert lines == [
        "MADV_NORMAL is 0; pass on all tried",
        "MADV_WIPEONFORK is 18; pass on all tried; on parisc 71 as well: absent up to 6.1, "
        "pass from 6.12 on",
        "MADV_DONTNEED_LOCKED is 24; x86_64: absent up to 6.1, pass from 6.12 on; "
        "parisc: pass on all tried",
    ]


def test_a_run_without_the_suite_has_no_numbers() -> None:
    assert numbers.advices(matrices.everything(), ()) == []
