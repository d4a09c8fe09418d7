import base64
import hashlib
import json
import re
import shutil
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from orchestrator.model import Verdict
from orchestrator.render import arrange, html, look
from orchestrator.render.html import Material
from orchestrator.render.plain import plain
from orchestrator.results.diff import diff
from orchestrator.tests import matrices

ALL_NEWS = "#&q=new%3A*"  # a query, and no place
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
        at = next(n for n, (_, attrs) in enumerate(self.elements) if attrs.get("id") == "details")
        scripts = sum(tag == "script" for tag, _ in self.elements[:at])
        packed = [data for tag, data in self.texts if tag == "script"][scripts]
        return json.loads(zlib.decompress(base64.b64decode(packed)))


@pytest.fixture(scope="module")
def page(material: Material) -> str:
    return html.page(matrices.everything(), material)


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    return Reader(page)


def test_every_cell_stands_in_the_table_once_in_its_look(page: str) -> None:
    table = page[page.index('<table class="matrix">') : page.index("</table>")]
    bodies = re.sub(r'<tr class="suite">.*?</tr>', "", table, flags=re.DOTALL)
    fields = re.findall(r'<td class="(\w+)([^"]*)"([^>]*)>(\w+)(.*?)</td>', bodies)
    cells = list(matrices.everything().cells())
    assert len(fields) == len(cells)
    for cell, (css, further, marks, word, signs) in zip(cells, fields, strict=True):
        kind = look.of(cell)
        assert (css, word) == (kind.css, kind.word)
        assert ("surprise" in further) == cell.surprise == ("!</i>" in signs)
        assert not marks or f'id="{cell.claim}@{cell.target}"' in marks


def test_every_look_has_its_glyph_from_the_one_table(page: str) -> None:
    for kind in look.LEGEND:
        assert (
            f'.{kind.css}::before {{ content: "{kind.glyph}"; content: "{kind.glyph}" / ""; }}'
            in page
        )


def test_ids_are_unique_and_every_link_leads_somewhere(reader: Reader) -> None:
    ids = reader.ids()
    assert len(ids) == len(set(ids))
    inner = {attrs["href"] or "" for attrs in reader.tags("a") if not _leaves(attrs)}
    assert inner - {ALL_NEWS} <= {f"#{name}" for name in ids}


def _leaves(attrs: dict[str, str | None]) -> bool:
    """Whether a link leads to a commit in the kernel's git."""
    return (attrs["href"] or "").startswith("https://git.kernel.org/linus/")


def test_nothing_is_loaded_from_anywhere(page: str, reader: Reader) -> None:
    left = page.replace('<a href="https://git.kernel.org/linus/', "")
    assert not re.search(r"https?:|//[a-z]+\.|url\(|@import|<link", left)
    assert not [attrs for _, attrs in reader.elements if "src" in attrs or "style" in attrs]


def test_a_commit_in_a_reason_is_a_link(page: str) -> None:
    assert (
        'since 99.0, <a href="https://git.kernel.org/linus/0123456789ab" rel="noreferrer">'
        "0123456789ab</a>" in page
    )


def test_the_policy_allows_the_inline_blocks_and_nothing_else(page: str, reader: Reader) -> None:
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
        digests = [hashlib.sha256(block.encode()).digest() for block in found]
        hashes = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
        assert directives[f"{name}-src"] == " ".join(hashes)


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
    assert [row["claim"] for row in details["rows"]] == [row.claim.name for row in rows]
    for row, told in zip(rows, details["rows"], strict=True):
        assert told["place"] == f"guest-tests/{row.claim.file}:{row.claim.line}"
        for cell, known in zip(row.cells, told["cells"], strict=True):
            assert known.get("got", "pass") == cell.got.value
            assert known.get("want", "pass") == cell.want.value
            rule = details["rules"][known.get("rule", 0)]
            assert "".join(text for text, _ in rule["why"]) == plain(cell.why)
            assert [splat["title"] for splat in known.get("splats", [])] == [
                splat.title for splat in cell.splats
            ]
    assert set(details["meanings"]) == {kind.css for kind in look.LEGEND}


def test_the_drawer_knows_what_the_guest_said_and_nothing_that_acts(reader: Reader) -> None:
    rows = {row["claim"]: row["cells"] for row in reader.details()["rows"]}
    (boot, said), *others = rows["odd.fails"][1]["said"]
    assert (boot, others) == (1, [])
    assert said.startswith(
        "# trying 1 odd.fails\n# took 3 ms\nnot ok 1 odd.fails # odd.c:10: a very"
    )
    assert "characters left out]" in said
    hostile = json.dumps(rows["odd.hostile"], ensure_ascii=False)
    assert not set(hostile) & set("\x1b\x07\u202e")


def test_a_splat_is_marked_and_told_and_does_nothing(material: Material) -> None:
    page = html.page(matrices.warned(), material)
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
        "since 99.0,",
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


def test_the_table_is_one_for_those_who_hear_it(page: str, reader: Reader) -> None:
    matrix = matrices.everything()
    table = Reader(page[page.index('<table class="matrix">') : page.index("</table>") + 8])
    scopes = [attrs.get("scope") for attrs in table.tags("th")]
    assert scopes.count("colgroup") == len(arrange.spans(matrix.columns))
    assert scopes.count("rowgroup") == len(matrix.groups)
    assert None not in [attrs.get("scope") for attrs in reader.tags("th")]
    assert len(reader.tags("caption")) == len(reader.tags("table"))


def test_the_same_matrix_gives_the_same_bytes(page: str, material: Material) -> None:
    assert html.page(matrices.everything(), material) == page


def test_compiled_templates_serve_every_checkout_and_stay_as_they_are(
    page: str, material: Material, tmp_path: Path
) -> None:
    compiled = tmp_path / "compiled"
    compiled.mkdir()
    html.precompile(material.templates, compiled)
    written = {path: path.read_bytes() for path in compiled.iterdir()}
    elsewhere = shutil.copytree(material.templates, tmp_path / "templates")
    again = html.page(
        matrices.everything(), replace(material, templates=elsewhere, compiled=compiled)
    )
    assert again == page
    assert {path: path.read_bytes() for path in compiled.iterdir()} == written
    assert len(written) == len(list(material.templates.glob("*.j2")))


def test_a_calm_matrix_says_so(material: Material) -> None:
    calm = Reader(html.page(matrices.wide(5), material))
    assert "No surprise" in calm.text()
    assert "missing" not in calm.ids()
    assert "known-bugs" not in calm.ids()


def test_an_empty_matrix_is_a_page_too(material: Material) -> None:
    Reader(html.page(matrices.judged((), ()), material))


def test_a_note_of_many_lines_stays_in_its_place(material: Material) -> None:
    matrix = matrices.everything()
    run = replace(matrix.columns[0], notes=("one\ntwo\x00three",))
    page = html.page(replace(matrix, columns=(run, *matrix.columns[1:])), material)
    assert "<p>one two\ufffdthree</p>" in page


def test_a_flake_says_how_often_in_its_cell_in_the_text_and_in_the_drawer(
    material: Material,
) -> None:
    page = html.page(matrices.flaky(), material)
    assert re.search(r'<td class="flaky edge surprise"[^>]*>flaky <small>1 of 2</small>', page)
    assert "<dt>tried</dt><dd>as wanted in 1 of 2 attempts: fail, then pass</dd>" in page
    cells = [row["cells"][0] for row in Reader(page).details()["rows"]]
    assert [cell.get("tried") for cell in cells] == [
        "as wanted in 1 of 2 attempts: fail, then pass",
        "as wanted in 0 of 2 attempts: fail 2 times",
        None,
    ]
    told = [[attempt["got"] for attempt in cell.get("attempts", ())] for cell in cells]
    assert told == [["fail", "pass"], [], []]  # those that are all alike need no list


def test_the_page_holds_every_style_and_script_that_there_is(templates: Path) -> None:
    assert set(html.STYLES) == {path.stem for path in (templates / "css").iterdir()}
    assert set(html.SCRIPTS) == {path.stem for path in (templates / "js").iterdir()}


def test_fifteen_targets_times_300_claims_stay_under_a_megabyte(material: Material) -> None:
    assert len(html.page(matrices.wide(300), material).encode()) < 1_000_000


def test_what_changed_stands_first_and_in_its_cells(material: Material) -> None:
    made = matrices.suite("odd", "one", "two")
    old = matrices.judged((made,), (matrices.run("6.1", "x86_64", (made,)),))
    failed = matrices.run("6.1", "x86_64", (made,), odd__one=(Verdict.FAIL, matrices.HOSTILE))
    new = matrices.judged((made,), (failed,))
    page = html.page(new, replace(material, changes=diff(old, new)))
    assert page.index('<section id="changes">') < page.index('<section id="matrix"')
    assert (
        '<td class="fail edge surprise" id="odd.one@6.1/x86_64" data-want="pass" data-was="pass">'
        in page
    )
    Reader(page)


def test_an_infra_night_is_a_banner(page: str) -> None:
    assert '<p class="banner" role="status"><span class="tile infra">infra</span>' in page


def test_a_line_of_many_megabytes_is_cut(material: Material) -> None:
    made = matrices.suite("odd", "fails")
    flood = (Verdict.FAIL, "<script>x</script>" * 600_000)
    page = html.page(
        matrices.judged((made,), (matrices.run("6.1", "x86_64", (made,), odd__fails=flood),)),
        material,
    )
    assert len(page) < 300_000
    assert "10795000 characters left out" in page
    assert "<script>x" not in page
