import pytest

from orchestrator.render import errnos
from orchestrator.render.reasons import GIT, linked, pieces


def test_commits_are_links_and_the_rest_stays_text() -> None:
    assert pieces('d2cd9ede6e19 "mm,fork" (4.14), fs/exec.c') == [
        ("d2cd9ede6e19", f"{GIT}d2cd9ede6e19"),
        (' "mm,fork" (4.14), fs/exec.c', ""),
    ]
    assert pieces("a" * 39 + "1") == [("a" * 39 + "1", GIT + "a" * 39 + "1")]


@pytest.mark.parametrize(
    "text", ["", "deadbeefcafe", "0123456789abc", "x0123456789ab", "0123456789ab-1", "12 MiB"]
)
def test_what_only_looks_like_one_leads_nowhere(text: str) -> None:
    assert all(address == "" for _, address in pieces(text))


def test_as_html_it_is_escaped() -> None:
    assert linked("<b> 0123456789ab") == (
        f'&lt;b&gt; <a href="{GIT}0123456789ab" rel="noreferrer">0123456789ab</a>'
    )


def test_error_numbers_are_said_in_words_once() -> None:
    assert errnos.words(["expected EINVAL, got ENOSYS", "EINVAL", "no ERROR, no ENOTHING"]) == {
        "EINVAL": "Invalid argument",
        "ENOSYS": "Function not implemented",
    }
