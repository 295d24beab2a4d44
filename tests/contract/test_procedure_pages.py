"""The pages under docs/procedures/ are what the procedures say today."""

import pytest
from django.core.management import CommandError, call_command

from workflows import contents
from workflows.management.commands import procedure_pages
from workflows.pages.procedure import markdown
from workflows.procedure import Procedure


def test_pages_are_fresh() -> None:
    call_command("procedure_pages", "--check")


def test_a_stale_page_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(procedure_pages, "markdown", lambda flow: "changed")
    with pytest.raises(CommandError, match="stale"):
        call_command("procedure_pages", "--check")


@pytest.mark.parametrize("flow", contents.procedures(), ids=lambda flow: flow.code)
def test_page_has_a_row_for_each_step(flow: type[Procedure]) -> None:
    rows = [line for line in markdown(flow).splitlines() if line.startswith("| **")]
    titles = [contents.read(flow)["steps"][step.name]["title"]["en"] for step in flow.steps()]
    assert [row.split("**")[1] for row in rows] == titles
