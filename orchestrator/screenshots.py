"""make screenshots: the last run's report as its readers see it, in every form that it has."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from orchestrator.cli.workspace import Workspace

_DESKTOP = {"width": 1600, "height": 1000}
_PHONE = {"width": 390, "height": 844}


def main(words: Sequence[str] | None = None) -> None:
    """Take the pictures and say where they are."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--place", default="#&q=is%3Adisagrees", help="what of the page to open")
    parser.add_argument("--into", type=Path, default=Path("reports/screenshots"))
    options = parser.parse_args(words)
    report = Workspace(Path("lab.yaml")).html / "index.html"
    if not report.is_file():
        raise SystemExit(f"there is no {report} yet: make matrix")
    options.into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        _take(browser, report.absolute().as_uri(), options.place, options.into)
        browser.close()
    sys.stdout.write(f"pictures: {options.into}\n")


def _take(browser: Browser, address: str, place: str, into: Path) -> None:
    desktop = _page(browser, address, "", _DESKTOP)
    desktop.screenshot(path=into / "desktop.png")
    desktop.emulate_media(color_scheme="dark")
    desktop.screenshot(path=into / "dark.png")
    desktop.emulate_media(color_scheme="light", forced_colors="active")
    desktop.screenshot(path=into / "forced-colors.png")
    phone = _page(browser, address, place, _PHONE)
    phone.screenshot(path=into / "phone.png")
    rows = _page(browser, address, place, _DESKTOP)
    _open_a_cell(rows)
    rows.screenshot(path=into / "drawer.png")
    rows.pdf(path=into / "print.pdf")
    for part in ("changes", "numbers", "since", "known-bugs", "columns"):
        if rows.locator(f"#{part}").count():
            _page(browser, address, f"#{part}", _DESKTOP).screenshot(path=into / f"{part}.png")


def _page(browser: Browser, address: str, place: str, size: dict[str, int]) -> Page:
    width, height = size["width"], size["height"]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address + place)
    if "&q=" in place:
        page.locator("#matrix").evaluate("matrix => matrix.scrollIntoView()")
    return page


def _open_a_cell(page: Page) -> None:
    """One that has something to tell: the first known bug, else whatever is there."""
    telling = page.locator(".matrix td.known:visible, .matrix td.surprise:visible")
    (telling if telling.count() else page.locator(".matrix td[tabindex]:visible")).first.click()
    page.locator("#drawer").wait_for()


if __name__ == "__main__":
    main()
