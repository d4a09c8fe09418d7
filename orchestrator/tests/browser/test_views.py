"""The table read in other ways: on a phone, sorted, joined, printed, large."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from orchestrator.bench_report import spread
from orchestrator.model import Verdict
from orchestrator.render.html import Material
from orchestrator.render.nights import night
from orchestrator.results.diff import diff
from orchestrator.tests import matrices
from orchestrator.tests.browser.conftest import written
from orchestrator.tests.browser.test_page import ask, heads, rows

pytestmark = pytest.mark.browser

CLAIM = "wide.promise-number-1-of-a-good-length"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def fields(page: Page, claim: str) -> list[str]:
    """What the cells of a row say, as they are read."""
    row = page.locator("tr", has=page.locator(f'[id="{claim}"]'))
    return [" ".join(text.split()) for text in row.locator("td").all_inner_texts()]


def test_on_a_phone_a_row_is_a_card_of_runs_that_came_out_alike(phone: Page, wide: str) -> None:
    phone.goto(f"{wide}#&q=claim:*number-1-*,*number-2-*")
    assert fields(phone, CLAIM) == [
        field
        for arch in matrices.ARCHES
        for field in (f"absent {arch} 5.10 … 6.12", f"pass {arch} 7.2 … 7.3")
    ]
    assert fields(phone, CLAIM.replace("1", "2")) == ["pass everywhere"]
    ask(phone, "claim:*number-1-* arch:arm64")
    assert fields(phone, CLAIM) == ["absent arm64 5.10 … 6.12", "pass arm64 7.2 … 7.3"]


def test_a_phone_scrolls_in_one_direction(phone: Page, troubled: str) -> None:
    phone.goto(troubled)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    for field in phone.locator(".matrix td:visible").all():
        box = field.bounding_box()
        assert box
        assert box["x"] + box["width"] <= 390


def test_on_a_phone_a_field_leads_to_its_cell(phone: Page, wide: str) -> None:
    phone.goto(f"{wide}#&q=claim:*number-1-*")
    phone.get_by_text("pass arm64").click()
    expect(phone.locator("#drawer h2")).to_have_text(f"{CLAIM}@7.2/arm64")
    phone.goto(f"{wide}#{CLAIM}@6.1/arm64")
    expect(phone.locator("td.here")).to_contain_text("arm64 5.10 … 6.12")


def test_a_phone_that_is_turned_shows_the_table(phone: Page, wide: str) -> None:
    phone.goto(f"{wide}#&q=claim:*number-1-*")
    phone.set_viewport_size({"width": 1200, "height": 600})
    assert len(fields(phone, CLAIM)) == 15
    assert heads(phone) == list(matrices.KERNELS) * 3


def test_without_a_script_a_phone_shows_the_names_and_scrolls_the_rest(
    browser: Browser, troubled: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(troubled)
    head = page.locator("th#odd\\.fails")
    before = head.bounding_box()
    page.mouse.move(200, 400)
    head.scroll_into_view_if_needed()
    assert before
    assert head.evaluate("head => getComputedStyle(head).position") == "sticky"
    context.close()


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("surprises", "odd.fails"),
        ("failures", "odd.known"),
        ("disagreement", "odd.fails"),
        ("duration", "odd.hostile"),
        ("changes", "calm.always"),  # nothing to choose: as written
    ],
)
def test_rows_are_sorted_most_first_and_the_address_says_so(
    page: Page, troubled: str, sort: str, first: str
) -> None:
    page.goto(troubled)
    written_so = rows(page)
    page.get_by_label("sort").select_option(sort)
    assert rows(page)[0] == first
    assert sorted(rows(page)) == sorted(written_so)
    address = page.url
    assert f"sort={sort}" in address
    page.goto("about:blank")
    page.goto(address)
    assert rows(page)[0] == first
    page.get_by_label("sort").select_option("as written")
    assert rows(page) == written_so


def test_sorted_by_duration_rows_say_what_they_took_where_it_was_longest(
    page: Page, troubled: str
) -> None:
    said = "heads => heads.map(head => getComputedStyle(head, '::after').content)"
    took = page.locator("tbody th[data-ms]")
    page.goto(f"{troubled}#&sort=duration")
    odd = page.locator("tbody[id='odd.*'] th[data-ms]")
    longest = [int(ms) for ms in odd.evaluate_all("heads => heads.map(one => one.dataset.ms)")]
    assert longest == sorted(longest, reverse=True)
    assert len(set(longest)) > 1
    assert "none" not in took.evaluate_all(said)
    page.goto("about:blank")
    page.goto(troubled)
    assert set(took.evaluate_all(said)) == {"none"}


def test_a_sort_that_there_is_not_is_none(page: Page, troubled: str) -> None:
    page.goto(troubled)
    written_so = rows(page)
    page.goto(f"{troubled}#&sort=constructor")
    assert rows(page) == written_so


def test_a_link_to_a_column_that_is_joined_leads_to_the_one_that_stands_for_it(
    page: Page, wide: str
) -> None:
    page.goto(f"{wide}#{CLAIM}@6.1/arm64&joined=1")
    expect(page.locator("#drawer h2")).to_have_text(f"{CLAIM}@6.1/arm64")
    expect(page.locator("td.here")).to_have_text("absent")
    assert heads(page) == ["5.10 … 6.12", "7.2 … 7.3"] * 3


def test_a_link_wins_over_the_query_that_hides_its_cell(page: Page, wide: str) -> None:
    page.goto(f"{wide}#{CLAIM}@6.1/arm64&q=arch:parisc%20claim:*number-2-*")
    expect(page.locator("td.here")).to_be_in_viewport()
    assert rows(page) == [CLAIM, CLAIM.replace("1", "2")]
    assert heads(page) == ["6.1", *matrices.KERNELS]


def test_what_is_not_to_be_seen_costs_the_browser_nothing(
    page: Page, tmp_path: Path, material: Material
) -> None:
    page.goto(written(tmp_path, spread(matrices.wide(), 100, 120), material))
    assert page.locator(".matrix td").count() < 1000  # of 36000
    ask(page, "claim:*number-1-*")
    assert rows(page) == [CLAIM]
    assert heads(page) == ["5.10.0 … 6.12.59", "7.2.60 … 7.3.99"] * 3


def test_paper_holds_all_columns(page: Page, wide: str) -> None:
    page.set_viewport_size({"width": 1047, "height": 700})  # A4, landscape, without its margins
    page.goto(f"{wide}#&q=claim:*number-1-*")
    page.emulate_media(media="print")
    last = page.locator(".kernels th").last.bounding_box()
    assert last
    assert last["x"] + last["width"] <= 1047


def test_paper_has_the_rows_that_are_on_the_screen(page: Page, wide: str, tmp_path: Path) -> None:
    page.goto(f"{wide}#&q=claim:*number-1-*")
    page.emulate_media(media="print")
    expect(page.locator("#filters")).to_be_hidden()
    assert rows(page) == [CLAIM]
    assert page.pdf(path=tmp_path / "page.pdf").startswith(b"%PDF")


def test_a_cell_shows_the_nights_before(page: Page, tmp_path: Path, material: Material) -> None:
    before = tuple(
        replace(night(matrices.flaky()), run=f"run{day}", started=f"2026-11-0{day}T01:00:00Z")
        for day in (1, 2)
    )
    first = replace(before[0], words={"6.12/x86_64": {"odd.firm": "pass"}})
    material = replace(material, nights=(first, before[1]))
    address = written(tmp_path, matrices.flaky(), material)
    page.goto(f"{address}#odd.firm@6.12/x86_64")
    strip = page.locator("#drawer .strip .dot")
    assert [text.strip() for text in strip.all_inner_texts()] == ["pass", "fail!", "fail!"]
    expect(page.locator("#drawer")).to_contain_text(
        "pass last on 2026-11-01, 6.12.117, run run1; fail! since 2026-11-02, 6.12.117, run run2."
    )
    page.goto(f"{address}#odd.calm@6.12/x86_64")
    expect(page.locator("#drawer")).to_contain_text("So in all 2 runs since 2026-11-02.")


def test_what_is_shown_can_be_saved_as_a_table(page: Page, wide: str, tmp_path: Path) -> None:
    page.goto(f"{wide}#&q=claim:*number-1-* arch:arm64&joined=1")
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    saved.value.save_as(tmp_path / "matrix.csv")
    with (tmp_path / "matrix.csv").open(newline="") as file:
        read = list(csv.DictReader(file))
    assert [(one["target"], one["got"], one["want"]) for one in read] == [
        (f"{kernel}/arm64", *(("absent",) * 2 if kernel < "7" else ("pass",) * 2))
        for kernel in matrices.KERNELS
    ]
    assert read[0] == {
        "claim": CLAIM,
        "target": "5.10/arm64",
        "release": "5.10.262",
        "look": "absent",
        "got": "absent",
        "want": "absent",
        "surprise": "false",
    }


def test_what_changed_has_an_address_of_its_own(
    page: Page, tmp_path: Path, material: Material
) -> None:
    made = matrices.suite("odd", "fails", "calm")
    calm = matrices.judged((made,), (matrices.run("6.12", "x86_64", (made,)),))
    bad = (Verdict.FAIL, "odd.c:10: 1 == 2")
    worse = matrices.judged((made,), (matrices.run("6.12", "x86_64", (made,), odd__fails=bad),))
    page.goto(written(tmp_path, worse, replace(material, changes=diff(calm, worse))))
    page.get_by_role("link", name="Show them in the matrix").click()
    assert page.url.endswith("index.html#&q=new%3A*")
    assert rows(page) == ["odd.fails"]
    ask(page, "new:pass")
    assert rows(page) == []
    ask(page, "new:fail was:pass")
    assert rows(page) == ["odd.fails"]


def test_flaky_cells_are_found(page: Page, tmp_path: Path, material: Material) -> None:
    page.goto(f"{written(tmp_path, matrices.flaky(), material)}#&q=is:flaky")
    assert rows(page) == ["odd.flaky"]
