import pytest

from orchestrator.model import Headers, Release, Run, Verdict
from orchestrator.render import numbers
from orchestrator.render.headers import Meeting, Numbers
from orchestrator.results.matrix import Matrix
from orchestrator.tests import matrices

BASE = {"MADV_NORMAL": 0, "MADV_WIPEONFORK": 18}
OLD = {"MADV_NORMAL": 0, "MADV_WIPEONFORK": 71}
FULL = {**BASE, "MADV_GUARD_INSTALL": 102}


def headers(release: str, arch: str, advice: dict[str, int]) -> Headers:
    return Headers(Release.parse(release), arch, f"linux-source of {release}", advice)


RECORDED = (
    headers("6.1.4", "parisc", OLD),
    headers("6.1.4", "arm64", BASE),  # as the next one: it says nothing more
    *(headers("6.1.192", arch, BASE) for arch in matrices.ARCHES),
    *(headers("6.12.117", arch, BASE) for arch in matrices.ARCHES),
    *(headers("7.2.13", arch, FULL) for arch in matrices.ARCHES),
)


def abi() -> Matrix:
    """Guards come with 7.2; parisc takes its old number from the start, and 18 since 6.12."""
    made = matrices.suite(
        "abi",
        "madv-normal-is-0",
        "madv-wipeonfork-is-18",
        "madv-guard-install-is-102",
        "old-parisc-71-is-wipeonfork",
    )
    absent = (Verdict.ABSENT, "EINVAL")

    def run(kernel: str, arch: str) -> Run:
        seen = {}
        if kernel != "7.2":
            seen["abi__madv_guard_install_is_102"] = absent
        if (kernel, arch) == ("6.1", "parisc"):
            seen["abi__madv_wipeonfork_is_18"] = absent
        if arch != "parisc":
            seen["abi__old_parisc_71_is_wipeonfork"] = absent
        return matrices.run(kernel, arch, (made,), **seen)

    targets = [(k, a) for a in ("x86_64", "parisc") for k in ("6.1", "6.12", "7.2")]
    return matrices.judged((made,), [run(*target) for target in targets])


@pytest.fixture
def told() -> Numbers:
    return Numbers(tuple(numbers.advices(abi(), ())), RECORDED)


def test_headers_with_the_same_numbers_are_one_edition(told: Numbers) -> None:
    editions = told.editions(("x86_64", "parisc"))
    assert [(one.label, one.arches) for one in editions] == [
        ("6.1.4", ("parisc",)),
        ("6.1.192 … 6.12.117", ("x86_64", "parisc")),
        ("7.2.13", ("x86_64", "parisc")),
    ]


def test_kernels_that_give_the_same_answers_are_one_column(told: Numbers) -> None:
    columns = told.columns(abi().columns)
    assert [(one.arch, one.label, one.at) for one in columns] == [
        ("x86_64", "6.1 … 6.12", 0),
        ("x86_64", "7.2", 2),
        ("parisc", "6.1", 3),
        ("parisc", "6.12", 4),
        ("parisc", "7.2", 5),
    ]


@pytest.mark.parametrize(
    ("advice", "at", "recorded", "words"),
    [
        (1, 0, RECORDED, ""),
        (1, 3, RECORDED, "the kernel does not know it"),  # parisc's 6.1.192, and its 18
        (2, 0, RECORDED, ""),  # neither has guards
        (2, 2, (headers("7.2.1", "x86_64", BASE),), "it is not in the headers"),
        (2, 2, (headers("7.3.1", "x86_64", BASE),), ""),  # of another series
        (2, 2, (), ""),
    ],
)
def test_a_kernel_is_held_against_the_headers_of_its_series(
    advice: int, at: int, recorded: tuple[Headers, ...], words: str
) -> None:
    matrix = abi()
    told = Numbers(tuple(numbers.advices(matrix, ())), recorded)
    asked = told.advices[advice]
    found = told.odd(asked, asked.row.cells[at], matrix.columns[at])
    assert (words in found) if words else (found == "")


def test_programs_get_what_the_kernel_does_with_their_numbers(told: Numbers) -> None:
    old, new, newest = told.editions(("x86_64", "parisc"))
    columns = told.columns(abi().columns)
    x86_old, x86_new, parisc_old, _, parisc_new = columns
    assert told.meeting(old, x86_old) is None  # they are not for it
    assert told.meeting(old, parisc_old) == Meeting(2, 2, (), ())
    assert told.meeting(new, parisc_old) == Meeting(1, 2, ("MADV_WIPEONFORK",), ())
    assert told.meeting(newest, x86_old) == Meeting(2, 3, ("MADV_GUARD_INSTALL",), ())
    assert told.meeting(new, x86_new) == Meeting(2, 2, (), ("MADV_GUARD_INSTALL",))
    assert told.meeting(old, parisc_new) == Meeting(2, 2, (), ("MADV_GUARD_INSTALL",))


def test_what_programs_lack_is_told_once_for_all_kernels_alike(told: Numbers) -> None:
    editions, columns = told.editions(("x86_64", "parisc")), told.columns(abi().columns)
    found = [(one.edition.label, one.where, one.refused) for one in told.stories(editions, columns)]
    assert ("7.2.13", "6.1 … 6.12 (x86_64); 6.12 (parisc)", ("MADV_GUARD_INSTALL",)) in found
    assert ("7.2.13", "6.1 (parisc)", ("MADV_WIPEONFORK", "MADV_GUARD_INSTALL")) in found


def test_another_number_elsewhere_is_told_beside_the_advice(told: Numbers) -> None:
    editions = told.editions(("x86_64", "parisc"))
    assert [told.elsewhere(advice, editions) for advice in told.advices] == [
        "",
        "; in the headers of 6.1.4 for parisc it is 71",
        "",
    ]


def test_what_nobody_read_is_said(told: Numbers) -> None:
    columns = abi().columns
    assert told.unread(columns) == []
    assert Numbers(told.advices, RECORDED[-1:]).unread(columns) == [
        *("6.1/x86_64", "6.12/x86_64", "7.2/x86_64"),
        *("6.1/parisc", "6.12/parisc"),
    ]
