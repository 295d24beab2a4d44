"""The list of an office's people, searched and filtered, in few queries at any length."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import people, staff
from cases.models import Area, User
from cases.roles import Role
from cases.text import fold_digits, normalise
from project.office.access import office_page
from workflows.views.access import WorkerRequest

PAGE_LENGTH = 25
ASKED = {"q": 100, "show": 10, "role": 30, "area": 10}  # parameters and their lengths


@office_page
@require_safe
def people_list(request: WorkerRequest) -> HttpResponse:
    """The list; filters are parameters, so that a filtered list can be bookmarked."""
    asked = {name: normalise(request.GET.get(name, ""))[:most] for name, most in ASKED.items()}
    found = _filtered(staff.kept_by(request.user), asked)
    listed = Paginator(_ordered(found), PAGE_LENGTH).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    page = {
        "people": listed,
        "total": listed.paginator.count,
        "page_obj": listed,
        "page_query": f"{query.urlencode()}&" if query else "",
        "q": asked["q"],
        "filters": _filters(request.user, asked),
    }
    return render(request, "office/people.html", page)


def _ordered(found: QuerySet[User]) -> QuerySet[User]:
    """As the list shows them: with posts and state, closed accounts last."""
    return staff.with_posts(staff.with_state(found)).order_by("-is_active", "name", "pk")


def _filtered(found: QuerySet[User], asked: dict[str, str]) -> QuerySet[User]:
    if q := asked["q"]:
        named = Q(name__icontains=q) | Q(username__icontains=fold_digits(q))
        found = found.filter(named | Q(email__icontains=q))
    posts = staff.running_posts().filter(user=OuterRef("pk"))
    if asked["show"] == "without":
        found = found.filter(~Exists(posts), is_active=True)
    elif asked["show"] == "waiting":
        found = found.filter(staff.WITHOUT_PASSWORD, is_active=True)
    elif asked["show"] == "closed":
        found = found.filter(is_active=False)
    if asked["role"]:
        posts = posts.filter(role=asked["role"])
    if asked["area"]:
        posts = posts.filter(area__code__startswith=asked["area"])
    return found.filter(Exists(posts)) if asked["role"] or asked["area"] else found


def _filters(admin: User, asked: dict[str, str]) -> list[dict[str, Any]]:
    shown = [
        ("", _("Everybody")),
        ("waiting", _("Without a password yet")),
        ("without", _("Without a post")),
        ("closed", _("Closed accounts")),
    ]
    roots = people.administered_areas(admin)
    areas = Area.objects.in_force().filter(Q(code__in=roots) | Q(parent__in=roots))
    areas = areas | Area.objects.filter(code=asked["area"])
    return [
        _box("show", _("Who"), shown, asked["show"]),
        _box("role", _("Role"), [("", _("All roles")), *Role.choices], asked["role"]),
        _box(
            "area",
            _("Area"),
            [("", _("Everywhere")), *((a.pk, a.name) for a in areas)],
            asked["area"],
        ),
    ]


def _box(name: str, label: str, options: list[Any], chosen: str) -> dict[str, Any]:
    listed = [{"value": v, "label": text, "selected": v == chosen} for v, text in options]
    return {"name": name, "label": label, "options": listed}
