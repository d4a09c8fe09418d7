from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from orchestrator.errors import InfraError
from orchestrator.render.publish import publish


def test_the_newest_run_is_the_front_page(tmp_path: Path) -> None:
    place = tmp_path / "html"
    assert publish("old", {"matrix.json": "[1]"}, "20260101T000000Z", place) == place / "index.html"
    assert publish("new", {"matrix.json": "[2]"}, "20260201T000000Z", place) == place / "index.html"
    assert {path.name: path.read_text() for path in place.iterdir()} == {
        "20260101T000000Z.html": "old",
        "20260201T000000Z.html": "new",
        "index.html": "new",
        "latest.html": "new",
        "matrix.json": "[2]",
    }


def test_an_older_run_rendered_again_leaves_the_front_page_alone(tmp_path: Path) -> None:
    publish("new", {"matrix.json": "[2]"}, "20260201T000000Z", tmp_path)
    own = publish("old", {"matrix.json": "[1]"}, "20260101T000000Z", tmp_path)
    assert own == tmp_path / "20260101T000000Z.html"
    assert (tmp_path / "index.html").read_text() == "new"
    assert (tmp_path / "matrix.json").read_text() == "[2]"


def test_what_lies_in_a_directory_of_its_own_is_there_too(tmp_path: Path) -> None:
    publish("page", {"bisects/1.html": "found"}, "2", tmp_path / "html")
    assert (tmp_path / "html" / "bisects" / "1.html").read_text() == "found"


def test_a_page_that_cannot_be_written_is_the_hosts_fault(tmp_path: Path) -> None:
    (tmp_path / "html").write_text("in the way")
    with pytest.raises(InfraError, match=r"cannot be written to .*html"):
        publish("page", {"matrix.json": "{}"}, "20260101T000000Z", tmp_path / "html")


def test_labs_that_publish_at_once_leave_a_page_with_its_own_data(tmp_path: Path) -> None:
    place, ids = tmp_path / "html", [f"2026010{n}T000000Z" for n in range(1, 9)]
    place.mkdir()
    (place / ".index.html.new").write_text("half")  # by one that was killed
    with ThreadPoolExecutor(len(ids)) as labs:
        list(labs.map(lambda run: publish(run, {"matrix.json": run}, run, place), ids))
    assert (place / "index.html").read_text() == (place / "matrix.json").read_text() == ids[-1]
    assert sorted(path.name for path in place.iterdir()) == sorted(
        [*(f"{run}.html" for run in ids), "index.html", "latest.html", "matrix.json"]
    )
