"""docs/procedures tells what the flows do: pages are written from them and never stale."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from workflows import contents, procedure_pages
from workflows.procedure import Procedure
from workflows.steps import Fill

flows = pytest.mark.parametrize("flow", contents.procedures(), ids=lambda flow: flow.code)


def test_committed_pages_are_what_the_flows_do() -> None:
    call_command("procedure_pages", check=True)


@flows
def test_a_page_names_each_step_once(flow: type[Procedure]) -> None:
    page = procedure_pages.page(flow)
    assert [page.count(f"`{step.name}`") for step in flow.steps()] == [1] * len(flow.steps())


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"working_days": 1}, "1 working day"),
        ({"days": 60}, "60 days"),
        ({"on": "effective_on"}, "effective on"),
        ({"on": "ends_on", "days": -60}, "60 days before ends on"),
        ({"on": "signed_on", "working_days": 3}, "3 working days after signed on"),
        ({"day_of_month": 20}, "by day 20 of the month"),
        ({"yearly": "03-31"}, "every year by 03-31"),
        ({"window": ("03-06", "03-08")}, "every year from 03-06 to 03-08"),
        ({"every": "quarter"}, "at least every quarter"),
        ({"end_of": "fiscal_year"}, "by the end of the fiscal year"),
    ],
)
def test_every_rule_of_a_deadline_has_its_words(rule: dict[str, Any], words: str) -> None:
    assert procedure_pages._due(Fill().Due(**rule)) == words


@flows
def test_every_row_has_its_columns(flow: type[Procedure]) -> None:
    rows = [line for line in procedure_pages.page(flow).splitlines() if line.startswith("|")]
    assert len(rows) == len(flow.steps()) + 2 * len(flow.stages())
    assert {line.count("|") for line in rows} == {7}


def test_stale_missing_and_left_over_pages_are_named(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"SGF\.md"):
        call_command("procedure_pages", check=True)
    call_command("procedure_pages", stdout=StringIO())
    call_command("procedure_pages", check=True)
    page = tmp_path / "docs" / "procedures" / "SGF.md"
    page.write_text(page.read_text(encoding="utf-8") + "by hand", encoding="utf-8")
    (page.parent / "GONE.md").write_text("left over", encoding="utf-8")
    with pytest.raises(CommandError, match=r"GONE\.md, SGF\.md"):
        call_command("procedure_pages", check=True)
