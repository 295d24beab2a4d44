"""The people of an office: the list, a new colleague, and somebody's page (handbook 4.1)."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import clock, people, postings, staff, staffing
from cases.dates import format_date
from cases.models import Area, Change, Post, User
from project.office import downwards, history_words
from project.office.access import office_page
from project.office.people_forms import NewPersonForm, PersonForm, refuse
from workflows.views.access import WorkerRequest, kept_entries, mark_of

form_page = require_http_methods(["GET", "HEAD", "POST"])
PERSON = ("name", "email", "phone", "language")
POST = ("role", "starts_on", "ends_on", "acting_for")
CHANGES = 30  # shown on somebody's page
CLICKED = timedelta(minutes=2)
"""How long after the first click a second one may come that means the same."""


@office_page
@form_page
def new_person(request: WorkerRequest) -> HttpResponse:
    """A colleague with their first post; choosing a place shows the form again as it was typed."""
    typed = request.POST if request.method == "POST" else None
    place = downwards.choose(people.administered_areas(request.user), typed or {})
    choosing = typed is not None and ("place" in typed or place.area is None)
    form = _new_form(request, place.area, typed, choosing) if place.area else None
    if place.area and form is not None and form.is_valid():
        user = _add(request.user, form, place.area)
        if user is not None:
            _tell_added(request, user, form.cleaned_data["invite"])
            return redirect("person", user.pk)
    page = {
        "form": form,
        "boxes": place.boxes,
        "area": place.area,
        "chiefs": staff.chiefs_at(place.area) if place.area else [],
        "mark": mark_of(request),
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "office/person_new.html", page, status=status)


def _new_form(request: WorkerRequest, area: Area, typed: Any, choosing: bool) -> NewPersonForm:
    if typed is not None and not choosing:
        return NewPersonForm(typed, area=area)
    kept = kept_entries(request) or {} if typed is None else dict(typed.lists())
    initial: dict[str, Any] = {name: values[-1] for name, values in kept.items() if values}
    if kept:
        initial["invite"] = "invite" in kept
    return NewPersonForm(initial=initial or None, area=area)


def _add(by: User, form: NewPersonForm, area: Area) -> User | None:
    """The new person, all of it or nothing; None when a rule refuses, which the form then says."""
    entries = form.cleaned_data
    own = {name: entries[name] for name in (*PERSON, "username")}
    try:
        with transaction.atomic():
            user = staffing.add_person(by=by, **own)
            postings.give_post(user, by=by, area=area, **{name: entries[name] for name in POST})
            if entries["invite"]:
                staffing.invite(user, by=by)
            return user
    except ValidationError as error:
        if twin := _just_added(by, own):
            return twin
        refuse(form, error)
        return None


def _just_added(by: User, entries: dict[str, str]) -> User | None:
    """The person whom a first click added a moment ago with the same entries."""
    found = User.objects.filter(email__iexact=entries["email"], name=entries["name"]).first()
    if found is None:
        return None
    added = Change.objects.filter(kind=Change.Kind.USER_ADDED, about=staff.about(found), by=by)
    return found if added.filter(at__gt=clock.now() - CLICKED).exists() else None


def _tell_added(request: WorkerRequest, user: User, invited: bool) -> None:
    words = _("%(name)s can be found here now; the invitation is on its way to %(email)s.")
    if not invited:
        words = _("%(name)s can be found here now. Invite them when it is time.")
    messages.success(request, words % {"name": user, "email": user.email})
    for post in staff.unended(user):
        warn_of_others(request, post)


def warn_of_others(request: WorkerRequest, post: Post) -> None:
    """Say who else holds a chief's post (handbook 4.1): it may be meant so, and is kept."""
    for other in staff.also_held_by(post):
        messages.warning(request, _also_held(other))


def _also_held(post: Post) -> str:
    """That somebody else holds a post, and until when."""
    what = {"role": post.get_role_display(), "name": post.user}
    if post.ends_on is None:
        return _("%(role)s is already held by %(name)s.") % what
    until = {"until": format_date(post.ends_on)}
    return _("%(role)s is already held by %(name)s until %(until)s.") % (what | until)


@office_page
@form_page
def person(request: WorkerRequest, pk: int) -> HttpResponse:
    """Somebody's page: who they are, their posts, their account, and what was changed."""
    user = find(request, pk)
    form = PersonForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(user, name) for name in PERSON},
    )
    if form.is_valid():
        try:
            staffing.change_person(user, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The details are kept."))
            return redirect("person", user.pk)
    page = {
        "person": user,
        "form": form,
        "may_keep": staff.may_keep_account(request.user, user),
        "posts": _posts(request.user, user),
        "timeline": _history(user),
    }
    return render(request, "office/person.html", page, status=422 if form.is_bound else 200)


def _history(user: User) -> list[dict[str, Any]]:
    """What was last changed of `user` and their posts."""
    changes = Change.objects.filter(about=staff.about(user)).select_related("by", "area")
    return history_words.timeline(list(changes[:CHANGES]))


def find(request: WorkerRequest, pk: int) -> User:
    """The person with `pk`; 404 for somebody whom the administrator does not keep."""
    people_here = staff.with_state(staff.kept_by(request.user))
    found: User = get_object_or_404(people_here, pk=pk)
    return found


def _posts(admin: User, user: User) -> dict[str, list[dict[str, Any]]]:
    """The posts of `user` as rows: those that run or will, and those that are over."""
    rows: dict[str, list[dict[str, Any]]] = {"running": [], "over": []}
    posts = Post.objects.filter(user=user).order_by("-starts_on", "-pk")
    for post in posts.select_related("area__parent__parent__parent", "acting_for__user"):
        over = post.ends_on is not None and post.ends_on < clock.today()
        row = {
            "post": post,
            "later": post.starts_on > clock.today(),
            "may_end": not over and staff.may_keep_area(admin, post.area_id),
        }
        rows["over" if over else "running"].append(row)
    return rows
