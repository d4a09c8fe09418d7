"""The HTML report as its readers use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from orchestrator.render.html import Material
from orchestrator.tests import matrices
from orchestrator.tests.browser.conftest import written

pytestmark = pytest.mark.browser


def ask(page: Page, query: str) -> None:
    page.get_by_role("searchbox").fill(query)


def rows(page: Page) -> list[str]:
    """The claims that are in sight."""
    shown = page.locator(".matrix tbody tr:not(.suite):visible > th")
    return [head.get_attribute("id") or "" for head in shown.all()]


def heads(page: Page) -> list[str]:
    """The kernels over the columns that are in sight, as they are read there."""
    script = """() => [...document.querySelectorAll(".kernels th")]
        .filter((head) => head.getClientRects().length)
        .map((head) => head.textContent + (head.dataset.to ? " … " + head.dataset.to : ""))"""
    found: list[str] = page.evaluate(script)
    return found


def test_without_a_script_all_of_the_table_can_be_read(
    context: BrowserContext, troubled: str
) -> None:
    browser = context.browser
    assert browser
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(troubled)
    claims = [row.claim.name for group in matrices.everything().groups for row in group.rows]
    assert rows(page) == claims
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#surprises")).to_contain_text("a very long note")
    plain.close()


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("suite:calm", ["calm.always", "calm.nowhere"]),
        ("claim:*.h*", ["odd.hangs", "odd.hostile"]),
        ("promise 2 suite:odd", ["odd.known"]),
        ("-suite:odd,last", ["calm.always", "calm.nowhere"]),
        ("got:panic", ["last.kills"]),
        ("got:fail is:known", ["odd.known", "odd.better"]),
        ("got:fail -is:known suite:odd arch:x86_64 kernel:6.1", ["odd.fails", "odd.hostile"]),
        ("is:surprise got:pass", ["odd.better"]),
        ("want:absent arch:x86_64", ["calm.nowhere"]),
        ("kernel:>=6.1 got:timeout", ["odd.hangs"]),
        ("kernel:<6.1 got:timeout", []),
        ("is:infra suite:last", ["last.kills", "last.after"]),
        ("got:nothing", []),
    ],
)
def test_a_query_leaves_the_rows_that_fit(
    page: Page, troubled: str, query: str, left: list[str]
) -> None:
    page.goto(troubled)
    ask(page, query)
    assert rows(page) == left
    expect(page.locator("#shown")).to_contain_text(f"{len(left)} of 11 claims")


def test_a_query_is_in_the_address_and_a_sent_address_shows_the_same(
    page: Page, troubled: str
) -> None:
    page.goto(troubled)
    ask(page, "suite:calm arch:x86_64")
    expect(page).to_have_url(f"{troubled}#&q=suite%3Acalm%20arch%3Ax86_64")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert rows(page) == ["calm.always", "calm.nowhere"]
    assert heads(page) == ["5.10", "6.1"]
    expect(page.get_by_role("searchbox")).to_have_value("suite:calm arch:x86_64")


def test_a_query_that_is_wrong_says_what_there_is(page: Page, troubled: str) -> None:
    page.goto(troubled)
    ask(page, "colour:red")
    expect(page.locator("#wrong")).to_contain_text("There is no “colour:”; there are arch, kernel")
    ask(page, "is:odd")
    expect(page.locator("#wrong")).to_contain_text("“is:” takes surprise")
    ask(page, "")
    expect(page.locator("#wrong")).to_be_empty()


def test_a_switch_is_a_term_of_the_query(page: Page, wide: str) -> None:
    page.goto(wide)
    page.get_by_label("rows that differ").check()
    expect(page.get_by_role("searchbox")).to_have_value("is:differs")
    assert rows(page) == ["wide.promise-number-1-of-a-good-length"]
    page.get_by_label("architectures disagree").check()
    assert rows(page) == []
    page.get_by_label("rows that differ").uncheck()
    page.get_by_label("architectures disagree").uncheck()
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_kernels_that_are_equal_in_what_is_shown_are_joined(page: Page, wide: str) -> None:
    page.goto(wide)
    page.get_by_label("join equal kernels").check()
    assert heads(page) == ["5.10 … 6.12", "7.2 … 7.3"] * 3
    ask(page, "claim:*number-2-*")
    assert heads(page) == ["5.10 … 7.3"] * 3
    ask(page, "claim:*number-2-* kernel:>=6.12 arch:arm64")
    assert heads(page) == ["6.12 … 7.3"]
    page.get_by_label("join equal kernels").uncheck()
    assert heads(page) == ["6.12", "7.2", "7.3"]


def test_suites_fold_and_unfold(page: Page, wide: str) -> None:
    page.goto(wide)
    button = page.get_by_role("button", name="wide", exact=True)
    expect(button).to_have_attribute("aria-expanded", "false")
    assert rows(page) == []
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(button).to_be_focused()
    assert len(rows(page)) == 120
    page.get_by_role("button", name="Unfold all").click()
    page.get_by_role("button", name="Fold all").click()
    assert rows(page) == []


def test_a_cell_tells_all_and_back_closes_it(page: Page, troubled: str) -> None:
    page.goto(troubled)
    drawer = page.locator("#drawer")
    expect(drawer).to_be_hidden()
    page.locator('[id="odd.known@6.1/x86_64"]').click()
    expect(drawer).to_be_visible()
    expect(page).to_have_url(f"{troubled}#odd.known@6.1/x86_64")
    for told in (
        "known: fail",
        "bug 12345",
        "odd.yaml:1",
        "not ok 2 odd.known # odd.c:20: expected 0",
        "lab repro odd.known@6.1/x86_64",
        "lab shell 6.1/x86_64",
        "linux-image-x86_64 6.1.192-1 of Debian",
    ):
        expect(drawer).to_contain_text(told)
    drawer.get_by_text("its command line").click()
    expect(drawer).to_contain_text("qemu-system-x86_64 -append 'console=ttyS0 panic=-1'")
    drawer.get_by_text("of all that went in").click()
    expect(drawer).to_contain_text("image: " + "ab" * 32)
    page.go_back()
    expect(drawer).to_be_hidden()


@pytest.mark.parametrize("kernel", ["6.12", "7.2"])
def test_a_cell_beside_a_change_has_the_command_that_bisects_it(
    page: Page, wide: str, kernel: str
) -> None:
    claim = "wide.promise-number-1-of-a-good-length"
    page.goto(f"{wide}#{claim}@{kernel}/arm64")
    expect(page.locator("#drawer")).to_contain_text(
        f"lab bisect {claim} --arch arm64 --old 6.12.117 --new 7.2.13 --first-support"
    )


def test_a_link_to_a_cell_opens_it_and_lifts_it_out(page: Page, wide: str) -> None:
    name = "wide.promise-number-7-of-a-good-length@6.12/arm64"
    page.goto(f"{wide}#{name}")
    expect(page.locator("#drawer h2")).to_have_text(name)
    cell = page.locator("td.here")
    expect(cell).to_be_in_viewport()
    expect(cell.locator("a")).to_have_attribute("href", f"#{name}")


def test_a_link_to_a_row_lifts_it_out(page: Page, wide: str) -> None:
    page.goto(f"{wide}#wide.promise-number-99-of-a-good-length")
    row = page.locator(".matrix th.here")
    expect(row).to_be_in_viewport()
    expect(row).to_contain_text("promise-number-99")


def test_a_splat_leads_to_the_cells_that_share_it(
    page: Page, tmp_path: Path, material: Material
) -> None:
    page.goto(written(tmp_path, matrices.warned(kernels=("6.1", "6.12")), material))
    page.locator("td.splat").first.click()
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text("WARNING at mm/a.c in f")
    expect(drawer).to_contain_text("No rule allows it.")
    drawer.get_by_role("link", name="odd.warns@6.12/x86_64").click()
    expect(drawer.locator("h2")).to_have_text("odd.warns@6.12/x86_64")


def test_the_keyboard_goes_everywhere(page: Page, troubled: str) -> None:
    page.goto(troubled)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("#grid").focus()
    page.keyboard.press("Tab")
    page.locator(".matrix td[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    heading = page.locator("#drawer h2")
    expect(heading).to_have_text("calm.nowhere@6.1/x86_64")
    page.keyboard.press("ArrowLeft")  # the drawer follows
    expect(heading).to_have_text("calm.nowhere@5.10/x86_64")
    page.keyboard.press("End")
    expect(heading).to_have_text("calm.nowhere@5.10/parisc")
    page.keyboard.press("Home")
    expect(heading).to_have_text("calm.nowhere@5.10/x86_64")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    page.keyboard.press("n")
    expect(heading).to_have_text("odd.fails@6.1/x86_64")
    page.keyboard.press("p")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_what_a_hostile_guest_says_is_shown_and_does_nothing(page: Page, troubled: str) -> None:
    page.goto(f"{troubled}#odd.hostile@6.1/x86_64")
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text('</script><img src=x onerror="alert(1)">[red]&amp;')
    assert page.locator("img").count() == 0
    text = page.locator("body").inner_text()
    assert not set(text) & set("\x1b\x07\u202e")
