"""The HTML report for everybody: axe-core's rules, other colours, other sizes, paper."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CELL = "odd.known@6.1/x86_64"


def serious(page: Page) -> list[str]:
    """What axe-core holds against the page as it is now."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["", f"#{CELL}", "#&q=is%3Asurprise"])
def test_axe_finds_nothing_serious(page: Page, troubled: str, scheme: str, place: str) -> None:
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    page.goto(troubled + place)
    if CELL in place:
        expect(page.locator("#drawer")).to_be_visible()
    assert serious(page) == []


def test_axe_finds_nothing_serious_on_a_phone(page: Page, troubled: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(troubled)
    expect(page.locator(".matrix tr:not(.suite) td").first).to_be_visible()
    assert serious(page) == []


def test_axe_finds_nothing_serious_in_the_help(page: Page, troubled: str) -> None:
    page.goto(troubled)
    page.keyboard.press("?")
    assert serious(page) == []


def test_axe_would_find_something(page: Page, troubled: str) -> None:
    page.goto(troubled)
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert any(one.startswith("html-has-lang") for one in serious(page))


def test_outcomes_differ_without_any_colour(page: Page, troubled: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(troubled)
    cell = page.locator(f'[id="{CELL}"]')
    script = "cell => getComputedStyle(cell, '::before').content + cell.textContent"
    assert re.match(r'"⚑".*known', cell.evaluate(script))
    borders = {
        name: page.locator(f".matrix td.{name}").first.evaluate(
            "cell => getComputedStyle(cell).borderTopStyle"
        )
        for name in ("known", "surprise")
    }
    assert borders == {"known": "dotted", "surprise": "double"}


def test_the_heads_stay_in_sight_when_the_table_is_scrolled(page: Page, wide: str) -> None:
    page.goto(f"{wide}#wide.promise-number-99-of-a-good-length@7.3/parisc")
    expect(page.locator("#drawer")).to_be_visible()
    expect(page.locator("td.here")).to_be_in_viewport()
    expect(page.locator(".kernels th").last).to_be_in_viewport()


def test_the_reader_may_choose_the_colours(page: Page, troubled: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(troubled)
    paper = "() => getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    page.get_by_label("colours").select_option("dark")
    assert page.evaluate(paper) == "rgb(21, 24, 28)"
    page.reload()
    assert page.evaluate(paper) == "rgb(21, 24, 28)"
