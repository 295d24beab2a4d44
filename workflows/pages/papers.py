"""What the case page shows of papers: those that can be made, and the versions made so far."""

from typing import Any

from django.urls import reverse

from cases import contents
from cases.models import Case, Document, User
from cases.models.event import EventKind
from workflows import papers

# What can make a paper older than its case. Claiming work or making papers changes no fact.
_CHANGES = (
    EventKind.STEP_SAVED,
    EventKind.STEP_DONE,
    EventKind.STEP_CORRECTED,
    EventKind.DECIDED,
    EventKind.CASE_REOPENED,
    EventKind.CASE_ENDED,
)


def context(user: User, case: Case, made: list[Document]) -> list[dict[str, Any]]:
    """The papers of `case` for `user`; `made` are its kept documents that are papers.

    A paper is shown once it can be made or was made; its newest version comes first.
    """
    may_make = papers.post_to_make(user, case) is not None
    outdated = _outdated(case) if made else set()
    found = []
    for paper in papers.papers_of(case):
        versions = [document for document in made if document.paper == paper.code]
        ready = paper.available(case)
        if ready or versions:
            found.append(
                {
                    "code": paper.code,
                    "title": contents.pick(paper.title),
                    "url": reverse("make-paper", args=[case.number, paper.code]),
                    "can_make": ready and may_make,
                    "versions": _versions(case, versions, outdated),
                }
            )
    return found


def _versions(case: Case, made: list[Document], outdated: set[int]) -> list[dict[str, Any]]:
    rows = [
        {
            "number": number,
            "name": document.name,
            "url": reverse("document", args=[case.number, document.pk]),
            "who": str(document.uploaded_by),
            "at": document.uploaded_at,
            "size": document.size,
            "outdated": document.pk in outdated,
        }
        for number, document in enumerate(sorted(made, key=lambda each: each.pk), 1)
    ]
    return rows[::-1]


def _outdated(case: Case) -> set[int]:
    """The documents made before the case changed for the last time, by the audit trail."""
    kinds = (EventKind.PAPER_MADE, *_CHANGES)
    rows = case.events.filter(kind__in=kinds).values_list("number", "kind", "codes")
    last = max((number for number, kind, _ in rows if kind != EventKind.PAPER_MADE), default=0)
    return {
        codes["document"]
        for _, kind, codes in rows
        if kind == EventKind.PAPER_MADE and codes["seen"] < last
    }
