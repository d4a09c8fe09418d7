import json

from orchestrator.render import data
from orchestrator.tests import matrices


def test_every_cell_is_there_once_in_the_matrix_order() -> None:
    matrix = matrices.everything()
    cells = data.matrix(matrix)["cells"]
    assert [(c["claim"], c["target"]) for c in cells] == [
        (cell.claim, cell.target) for cell in matrix.cells()
    ]


def test_planned_is_reported_plus_missing_and_the_verdicts_add_up() -> None:
    counts = data.matrix(matrices.everything())["counts"]
    assert counts["planned"] == counts["reported"] + counts["missing"]
    assert sum(counts["verdicts"].values()) == counts["planned"]
    assert counts["verdicts"]["missing"] == counts["missing"]


def test_it_is_json_that_cannot_act_on_a_terminal_and_loses_nothing() -> None:
    values = data.matrix(matrices.everything())
    text = json.dumps(values)
    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text) == values
    assert any(cell["note"] == matrices.HOSTILE for cell in json.loads(text)["cells"])


def test_a_target_without_a_kernel_has_no_release() -> None:
    columns = data.matrix(matrices.everything())["columns"]
    assert [column["release"] for column in columns] == ["5.10.262", "6.1.192", "5.10.262", None]
    assert columns[3]["infra"] == "no qemu-system-hppa on this host"
    assert columns[3]["look"] == "lab doctor"


def test_one_cell_comes_with_its_row_its_column_and_its_lines() -> None:
    matrix = matrices.everything()
    found = matrix.find("odd.skips", "6.1/x86_64")
    assert found is not None
    sheet = data.cell(matrix, found)
    assert sheet["cell"]["got"] == "skip"
    assert sheet["claim"]["text"] == "The kernel keeps promise 4."
    assert sheet["column"]["release"] == "6.1.192"
    assert "ok 4 odd.skips # SKIP CONFIG_KSM is not set" in sheet["ktap"]["1"]
    assert sheet["version"] == data.VERSION == 1


def test_a_splat_is_there_with_whether_a_rule_allows_it() -> None:
    for rules, expected in (((), False), ((matrices.ALLOWED,), True)):
        made = data.matrix(matrices.warned(*rules))
        (splat,) = made["cells"][0]["splats"]
        assert (splat["title"], splat["kind"]) == ("WARNING at mm/a.c in f", "warn")
        assert splat["expected"] is expected
        assert made["cells"][0]["surprise"] is not expected
        assert made["counts"]["splats"] == 1


def test_a_flake_has_all_its_attempts() -> None:
    values = data.matrix(matrices.flaky())
    assert (values["counts"]["surprises"], values["counts"]["flaky"]) == (2, 1)
    flaky, firm, calm = values["cells"]
    assert (flaky["got"], flaky["flaky"]) == ("fail", True)
    assert flaky["attempts"] == [
        {"boot": 1, "got": "fail", "note": "odd.c:10: 1 == 2"},
        {"boot": 2, "got": "pass", "note": ""},
    ]
    assert (firm["flaky"], len(firm["attempts"])) == (False, 2)
    assert (calm["flaky"], len(calm["attempts"])) == (False, 1)
    assert [boot["retry_of"] for boot in values["columns"][0]["boots"]] == [
        [],
        ["odd.firm", "odd.flaky"],
    ]
