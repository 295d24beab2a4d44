"""Why can't I go on? Every unmet guard of a step in plain words (DESIGN 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cases import contents
from cases.guards import Guard
from cases.models import Case, WorkItem
from workflows.steps import Branch, Decide


@dataclass(frozen=True)
class Blocker:
    """One thing that is missing, and the part of the step's page where it is mended.

    What a cell of the step's lines lacks has the number of its line, from 0, and its column.
    """

    text: str
    anchor: str = ""
    line: int | None = None
    column: str = ""


def of_step(item: WorkItem, ticked: set[str] | None = None) -> list[Blocker]:
    """What keeps `item` from being done as its case stands: fields, checklist, defects, guards.

    `ticked` are the codes of the ticked items, where the caller knows them.
    """
    step, case = item.flow_task, item.process
    return [
        *_empty_fields(case, step),
        *_guards(case, step.guards),
        *of_lines(case, step),
        *of_checklist(item, ticked),
    ]


def of_lines(case: Case, step: Any) -> list[Blocker]:
    """What the lines of a step break as they were entered, else as they are kept."""
    wrong = step.rows.wrong(case) if step.rows else []
    return [Blocker(each.text, "rows", each.line, each.column) for each in wrong]


def stays_done(case: Case, step: Any) -> bool:
    """Whether a step that was done once still holds after something before it was mended."""
    return all(guard(case) for guard in step.guards) and not of_lines(case, step)


def of_checklist(item: WorkItem, ticked: set[str] | None = None) -> list[Blocker]:
    """What is missing beside the fields, which a form tells of itself: ticks, evidence, defects."""
    return [*_checklist(item.process, item.step, ticked), *_defects(item)]


def of_transition(case: Case, branch: Branch) -> list[Blocker]:
    """The unmet conditions of the change of state that rides on `branch`."""
    if branch.moves is None:
        return []
    transition = branch.moves._django_fsm.get_transition(case.state)
    if transition is None:
        return [Blocker(_("The case is in a state that does not allow this."))]
    return _guards(case, tuple(transition.conditions))


def warnings(case: Case, steps: Iterable[Any]) -> list[Blocker]:
    """What looks wrong in what `steps` record, but keeps nobody from going on."""
    return [blocker for step in steps for blocker in _guards(case, step.warnings)]


def of_item(item: WorkItem) -> list[Blocker]:
    """Everything that keeps `item` from being done, the change of state included."""
    own = of_step(item)
    if own and not isinstance(item.flow_task, Decide):
        return own
    return own + of_transition(item.process, item.flow_task.branch_for(item.process))


def _guards(case: Case, guards: tuple[Any, ...]) -> list[Blocker]:
    return [
        Blocker(guard.explain(case), f"id_{guard.field}" if guard.field else "")
        for guard in guards
        if isinstance(guard, Guard) and not guard(case)
    ]


def _empty_fields(case: Case, step: Any) -> list[Blocker]:
    found = []
    for name in step.fields:
        if name in step.optional or getattr(case, name) not in (None, ""):
            continue
        column: Any = case._meta.get_field(name)
        found.append(
            Blocker(
                _("“%(label)s” is not filled in.") % {"label": column.verbose_name}, f"id_{name}"
            )
        )
    return found


def _checklist(case: Case, step: str, ticked: set[str] | None) -> list[Blocker]:
    items = contents.checklist(case, step)
    if not items:
        return []
    if ticked is None:
        ticked = set(case.ticks.filter(step=step).values_list("item", flat=True))
    proven: set[str] = set()
    if any(item["evidence"] for item in items):
        kept = case.documents.filter(step=step, removed_at__isnull=True)
        proven = set(kept.values_list("item", flat=True))
    found = []
    for item in items:
        text, anchor = contents.pick(item["text"]), f"check-{item['code']}"
        if item["required"] and item["code"] not in ticked:
            found.append(Blocker(_("Not ticked: %(text)s") % {"text": text}, anchor))
        if item["evidence"] and item["required"] and item["code"] not in proven:
            found.append(Blocker(_("No photo or file yet: %(text)s") % {"text": text}, anchor))
    return found


def _defects(item: WorkItem) -> list[Blocker]:
    """Defects stand only at the step to which a decision sent the case back."""
    if item.returned_by_id is None:
        return []
    open_defects = item.process.defects.filter(step=item.step, mended_at__isnull=True)
    return [
        Blocker(_("Not mended: %(text)s") % {"text": defect.text}, f"defect-{defect.pk}")
        for defect in open_defects
    ]
