"""Pages in a real browser: Debian's Chromium, opened from file://, with no network at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from orchestrator.render import html
from orchestrator.render.html import Material
from orchestrator.results.matrix import Matrix
from orchestrator.tests import matrices

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Gone with these tests: while playwright is there, nobody else may run an event loop."""
    chromium = shutil.which("chromium")
    assert chromium, "these tests drive Debian's chromium: images/install-host-packages --tests"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium)
        yield running
        running.close()


def written(place: Path, matrix: Matrix, material: Material) -> str:
    """The address of a matrix' page."""
    path = place / "index.html"
    path.write_text(html.page(matrix, material), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="session")
def material() -> Material:
    return Material(ROOT / "reports" / "templates", ROOT / "guest-tests")


@pytest.fixture(scope="session")
def troubled(tmp_path_factory: pytest.TempPathFactory, material: Material) -> str:
    """A small page with every verdict and hostile strings."""
    return written(tmp_path_factory.mktemp("troubled"), matrices.everything(), material)


@pytest.fixture(scope="session")
def wide(tmp_path_factory: pytest.TempPathFactory, material: Material) -> str:
    """15 targets that differ in one row: absent before 7.0."""
    return written(tmp_path_factory.mktemp("wide"), matrices.wide(), material)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1600, "height": 1000})
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab. Whatever a test does in it: nothing else is loaded, and no script complains."""
    tab = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
    yield tab
    assert {url.split("#")[0].rsplit("/", 1)[-1] for url in asked} <= {"index.html"}
    assert said == []
