"""The papers of a case: which can be made, and making one (handbook 3.5, 8 rule 12)."""

from typing import Any

from django.utils.translation import gettext as _

from cases import people
from cases.models import Case, Document, Post, User
from cases.papers import compiler, keeping
from cases.papers.paper import Paper
from workflows.errors import NotYours, Refused
from workflows.lock import locked_case


class NotReady(Refused):
    """The case has not come so far that this paper could be made."""


def papers_of(case: Any) -> tuple[Paper, ...]:
    """The papers that the procedure of `case` knows, in the order of the manual.

    They are papers of Thai offices; cases of other countries have none of them.
    """
    papers: tuple[Paper, ...] = case.flow_class.papers
    return papers if case.area_id.startswith("TH") else ()


def paper_of(case: Any, code: str) -> Paper | None:
    """The paper `code` of the procedure, None if it has none such."""
    return next((paper for paper in papers_of(case) if paper.code == code), None)


def post_to_make(user: User, case: Any) -> Post | None:
    """The post in which `user` may make papers of `case`: whoever works or decides on it."""
    flow = case.flow_class
    roles = dict.fromkeys([flow.start_node().role, *(step.role for step in flow.steps())])
    posts = (people.post_for(user, role, case.area_id) for role in roles)
    return next((post for post in posts if post), None)


def make(case: Case, code: str, *, by: User) -> Document:
    """Make the paper `code` from the case as it stands, and keep it as its next version.

    Raises NotYours without a post of the procedure, NotReady before its time, KeyError for a
    paper that the procedure does not know.
    """
    post = post_to_make(by, case)
    if post is None:
        raise NotYours(_("You hold no post that may make papers of this case."))
    with locked_case(case) as locked:
        paper = paper_of(locked, code)
        if paper is None:
            raise KeyError(code)
        if not paper.available(locked):
            raise NotReady(_("This paper cannot be made yet: the case has not come so far."))
        content = compiler.render(paper.layout, paper.data(locked))
        return keeping.keep(locked, code, paper.title["th"], content, by=by, post=post)
