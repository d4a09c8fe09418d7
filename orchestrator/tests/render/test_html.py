import base64
import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from orchestrator.errors import InfraError
from orchestrator.render import arrange, html, look
from orchestrator.tests import matrices

VOID = {"meta", "input", "link", "br", "img", "hr"}


class Reader(HTMLParser):
    """Keeps the elements of a page, and insists that they are nested properly."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.append((self._open[-1], data))

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.elements if "id" in attrs]

    def tags(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elements if tag == name]

    def text(self) -> str:
        return " ".join(data for tag, data in self.texts if tag not in ("style", "script"))

    def details(self) -> Any:
        blocks = [data for tag, data in self.texts if tag == "script" and data.startswith("{")]
        return json.loads(blocks[0])


@pytest.fixture(scope="module")
def page(templates: Path) -> str:
    return html.page(matrices.everything(), templates)


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    return Reader(page)


def test_every_cell_stands_in_the_table_once(reader: Reader) -> None:
    cells = [f"{cell.claim}@{cell.target}" for cell in matrices.everything().cells()]
    assert [attrs["id"] for attrs in reader.tags("td") if "id" in attrs] == cells


def test_every_cell_has_the_class_the_glyph_and_the_word_of_its_look(page: str) -> None:
    for cell in matrices.everything().cells():
        kind = look.of(cell)
        pattern = (
            rf'<td class="{kind.css}( surprise)?( edge)?" id="{re.escape(cell.claim)}@{cell.target}'
            rf'"><a [^>]*><b>{re.escape(kind.glyph)}</b>{kind.word}(<i>!</i>)?</a></td>'
        )
        match = re.search(pattern, page)
        assert match is not None, cell
        assert bool(match[1]) == bool(match[3]) == cell.surprise


def test_ids_are_unique_and_every_link_leads_somewhere(reader: Reader) -> None:
    ids = reader.ids()
    assert len(ids) == len(set(ids))
    assert {attrs["href"] for attrs in reader.tags("a")} <= {f"#{name}" for name in ids}


def test_nothing_is_loaded_from_anywhere(page: str, reader: Reader) -> None:
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<link", page)
    assert not [attrs for _, attrs in reader.elements if "src" in attrs or "style" in attrs]


def test_the_policy_allows_the_two_inline_blocks_and_nothing_else(
    page: str, reader: Reader
) -> None:
    policy = next(
        attrs["content"] for attrs in reader.tags("meta") if attrs.get("http-equiv") is not None
    )
    blocks = {
        "style": re.findall(r"<style>(.*?)</style>", page, re.DOTALL),
        "script": re.findall(r"<script>(.*?)</script>", page, re.DOTALL),
    }
    assert policy is not None
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    for name, found in blocks.items():
        (block,) = found
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert directives[f"{name}-src"] == f"'sha256-{digest}'"


def test_no_handler_stands_in_an_attribute(reader: Reader) -> None:
    assert not [name for _, attrs in reader.elements for name in attrs if name.startswith("on")]


def test_what_guests_say_is_shown_and_does_nothing(page: str, reader: Reader) -> None:
    assert "<img" not in page
    assert page.count("</script>") == 2
    assert not set(page) & set("\x1b\x07\u202e")
    assert '</script><img src=x onerror="alert(1)">[red]&amp;' in reader.text()


def test_the_drawer_knows_every_cell(reader: Reader) -> None:
    details = reader.details()
    matrix = matrices.everything()
    rows = [row for group in matrix.groups for row in group.rows]
    assert len(details["rows"]) == len(rows)
    for row, (written, cells) in zip(rows, details["rows"], strict=True):
        assert written == f"guest-tests/{row.claim.file}:{row.claim.line}"
        for cell, (got, want, rule, _, boot, took, splats, *_tried) in zip(
            row.cells, cells, strict=True
        ):
            assert [splat[0] for splat in splats] == [splat.title for splat in cell.splats]
            assert (got, want, boot, took) == (
                cell.got.value,
                cell.want.value,
                cell.boot,
                cell.milliseconds,
            )
            assert (details["rules"][rule] == ["", ""]) == (cell.why == "")
    assert set(details["meanings"]) == {kind.css for kind in look.LEGEND}


def test_a_splat_is_marked_and_told_and_does_nothing(templates: Path) -> None:
    page = html.page(matrices.warned(), templates)
    assert page.count('<i class="splat">~</i>') == 1
    assert "WARNING at mm/a.c in f" in page
    assert "<summary>warn cause</summary>" in page
    assert "<img" not in page
    assert 'onerror="' not in page.replace("&#34;", '\\"')


def test_surprises_known_bugs_and_gaps_can_be_read_without_a_script(reader: Reader) -> None:
    text = reader.text()
    for part in (
        "a very long note, a very long note",
        "never fixed",
        "bug 12345",
        "since 99.0, 0123456789ab",
        "not reached: the console was silent for 60 s",
        "no qemu-system-hppa on this host",
        "lab doctor",
    ):
        assert part in text, part


def test_the_head_tells_what_was_planned_and_what_was_reported(reader: Reader) -> None:
    text = re.sub(r"\s+", " ", reader.text())
    assert "11 claims in 3 suites , tried on 4 targets" in text.replace("suites,", "suites ,")
    assert re.search(r"21 /44 cells reported, 23 missing", text)
    assert re.search(r"7 surprises : seen is not what was wanted", text)


def test_the_table_is_one_for_those_who_hear_it(reader: Reader) -> None:
    matrix = matrices.everything()
    scopes = [attrs.get("scope") for attrs in reader.tags("th")]
    spans = len(arrange.spans(matrix.columns))
    assert scopes.count("colgroup") == spans
    assert scopes.count("rowgroup") == len(matrix.groups)
    assert None not in scopes
    assert len(reader.tags("caption")) == 1


def test_the_same_matrix_gives_the_same_bytes(page: str, templates: Path) -> None:
    assert html.page(matrices.everything(), templates) == page


def test_a_calm_matrix_says_so(templates: Path) -> None:
    calm = Reader(html.page(matrices.wide(5), templates))
    assert "No surprise" in calm.text()
    assert "missing" not in calm.ids()
    assert "known-bugs" not in calm.ids()


def test_an_empty_matrix_is_a_page_too(templates: Path) -> None:
    Reader(html.page(matrices.judged((), ()), templates))


def test_fifteen_targets_times_150_claims_stay_within_the_budget(templates: Path) -> None:
    assert len(html.page(matrices.wide(150), templates).encode()) < 600_000


def test_a_note_of_many_lines_stays_in_its_place(templates: Path) -> None:
    matrix = matrices.everything()
    run = replace(matrix.columns[0], notes=("one\ntwo\x00three",))
    page = html.page(replace(matrix, columns=(run, *matrix.columns[1:])), templates)
    assert "<p>one two\ufffdthree</p>" in page


def test_the_newest_run_is_the_front_page(tmp_path: Path) -> None:
    place = tmp_path / "html"
    assert html.publish("old", "[1]", "20260101T000000Z", place) == place / "index.html"
    assert html.publish("new", "[2]", "20260201T000000Z", place) == place / "index.html"
    assert {path.name: path.read_text() for path in place.iterdir()} == {
        "20260101T000000Z.html": "old",
        "20260201T000000Z.html": "new",
        "index.html": "new",
        "matrix.json": "[2]",
    }


def test_an_older_run_rendered_again_leaves_the_front_page_alone(tmp_path: Path) -> None:
    html.publish("new", "[2]", "20260201T000000Z", tmp_path)
    own = html.publish("old", "[1]", "20260101T000000Z", tmp_path)
    assert own == tmp_path / "20260101T000000Z.html"
    assert (tmp_path / "index.html").read_text() == "new"
    assert (tmp_path / "matrix.json").read_text() == "[2]"


def test_a_page_that_cannot_be_written_is_the_hosts_fault(tmp_path: Path) -> None:
    (tmp_path / "html").write_text("in the way")
    with pytest.raises(InfraError, match=r"cannot be written to .*html"):
        html.publish("page", "{}", "20260101T000000Z", tmp_path / "html")


def test_a_flake_says_how_often_in_its_cell_in_the_text_and_in_the_drawer(
    templates: Path,
) -> None:
    page = html.page(matrices.flaky(), templates)
    assert re.search(
        r'<td class="flaky surprise[^>]*><a[^>]*><b>≈</b>flaky <small>1 of 2</small>', page
    )
    assert "<dt>tried</dt><dd>as wanted in 1 of 2 attempts: fail, then pass</dd>" in page
    cells = [cells[0] for _, cells in Reader(page).details()["rows"]]
    assert [cell[7:] for cell in cells] == [
        ["as wanted in 1 of 2 attempts: fail, then pass"],
        ["as wanted in 0 of 2 attempts: fail, then fail"],
        [],
    ]


def test_labs_that_publish_at_once_leave_a_page_with_its_own_data(tmp_path: Path) -> None:
    place, ids = tmp_path / "html", [f"2026010{n}T000000Z" for n in range(1, 9)]
    place.mkdir()
    (place / ".index.html.new").write_text("half")  # by one that was killed
    with ThreadPoolExecutor(len(ids)) as labs:
        list(labs.map(lambda run: html.publish(run, run, run, place), ids))
    assert (place / "index.html").read_text() == (place / "matrix.json").read_text() == ids[-1]
    assert sorted(path.name for path in place.iterdir()) == sorted(
        [*(f"{run}.html" for run in ids), "index.html", "matrix.json"]
    )
