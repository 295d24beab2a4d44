"""Reading a procedure's content: texts in the reader's language, checklists, numbers."""

from functools import lru_cache
from typing import Any, TypedDict, cast

from django.utils.translation import get_language

from cases import office_settings
from cases.models.content import ProcedureContent

Texts = dict[str, str]


class ChecklistItem(TypedDict):
    """One thing to tick: `evidence` asks for at least one document."""

    code: str
    text: Texts
    required: bool
    evidence: bool


@lru_cache(maxsize=256)
def get(pk: int) -> ProcedureContent:
    """The content row `pk`; kept in the process, since rows never change."""
    return ProcedureContent.objects.get(pk=pk)


def current(procedure: str) -> ProcedureContent:
    """The newest content of a procedure: what a case that begins now keeps.

    Raises ProcedureContent.DoesNotExist when none was loaded.
    """
    newest = ProcedureContent.objects.filter(procedure=procedure).order_by("-version").only("pk")
    return get(newest[:1].get().pk)


def body_of(case: Any) -> dict[str, Any]:
    """The content that `case` began with."""
    return get(case.content_id).body


def pick(texts: Texts | None) -> str:
    """The text in the reader's language, else in Thai, the working language (handbook 0)."""
    if not texts:
        return ""
    language = (get_language() or "th")[:2]
    return texts.get(language) or texts.get("th") or next(iter(texts.values()))


def step_texts(case: Any, step: str) -> Texts:
    """The title of the step, or of the span of the case that is called so, in every language.

    Its name where content says nothing.
    """
    body = body_of(case)
    title = body.get("steps", {}).get(step, {}).get("title") or body.get("spans", {}).get(step)
    return title or {"en": step}


def checklist(case: Any, step: str) -> list[ChecklistItem]:
    """The checklist items of a step, in the order of the manual."""
    items = body_of(case).get("steps", {}).get(step, {}).get("checklist", [])
    defaults = {"required": True, "evidence": False}
    return [cast("ChecklistItem", defaults | item) for item in items]


def number(case: Any, name: str) -> int:
    """A number that an office may set, e.g. how many interested people a founding needs.

    What the office had chosen when the case began counts, else the content's own. A number
    fixed by law is never above the content's.
    """
    body = body_of(case)
    own = int(body["numbers"][name])
    key = office_settings.number_key(case.procedure, name)
    chosen = office_settings.get(key, case.area_id, at=case.opened_at)
    if chosen is None:
        return own
    return min(own, chosen) if name in body.get("fixed", ()) else int(chosen)
