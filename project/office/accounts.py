"""Inviting people, closing accounts and opening them again, giving posts and ending them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases import clock, contents, people, postings, staff, staffing
from cases.models import Post, User, WorkItem
from project.office import downwards
from project.office.access import office_page
from project.office.people import POST, find, form_page, warn_of_others
from project.office.people_forms import EndForm, PostForm, refuse
from workflows.views.access import WorkerRequest

SHOWN = 10


@office_page
@require_POST
def invite(request: WorkerRequest, pk: int) -> HttpResponse:
    """Send the invitation, again or for the first time."""
    user = find(request, pk)
    try:
        sent = staffing.invite(user, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = _("The invitation is on its way to %(email)s.")
        if not sent:
            words = _("An invitation went to %(email)s a moment ago.")
        messages.success(request, words % {"email": user.email})
    return redirect("person", user.pk)


@office_page
@form_page
def close_account(request: WorkerRequest, pk: int) -> HttpResponse:
    """Ask first, and show what is open under the person's name; then close."""
    user, errors = find(request, pk), []
    if request.method == "POST":
        try:
            staffing.close_account(user, by=request.user)
        except ValidationError as error:
            errors = [{"text": text} for text in error.messages]
        else:
            messages.success(request, _("The account of %(name)s is closed.") % {"name": user})
            return redirect("person", user.pk)
    page = {"person": user, "errors": errors, **_open_work(staff.open_work(user))}
    return render(request, "office/account_close.html", page, status=422 if errors else 200)


@office_page
@require_POST
def open_account(request: WorkerRequest, pk: int) -> HttpResponse:
    """Let a person in again and send them a link for a new password."""
    user = find(request, pk)
    try:
        staffing.open_account(user, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The account of %(name)s is open again.") % {"name": user})
    return redirect("person", user.pk)


@office_page
@form_page
def new_post(request: WorkerRequest, pk: int) -> HttpResponse:
    """Give somebody another post: first the place, then the role."""
    user, typed = find(request, pk), request.POST if request.method == "POST" else None
    place = downwards.choose(people.administered_areas(request.user), typed or {})
    form = None
    if place.area:
        bound = typed if typed is not None and "place" not in typed else None
        initial = typed.dict() if typed is not None and bound is None else None
        form = PostForm(bound, initial=initial, area=place.area, person=user)
        if form.is_valid():
            post = _give(request.user, user, form, place.area)
            if post is not None:
                messages.success(request, _("The post is given."))
                warn_of_others(request, post)
                return redirect("person", user.pk)
    page = {
        "person": user,
        "form": form,
        "boxes": place.boxes,
        "area": place.area,
        "chiefs": staff.chiefs_at(place.area) if place.area else [],
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "office/post_new.html", page, status=status)


def _give(by: User, user: User, form: PostForm, area: Any) -> Post | None:
    entries = {name: form.cleaned_data[name] for name in POST}
    try:
        return postings.give_post(user, by=by, area=area, **entries)
    except ValidationError as error:
        refuse(form, error)
        return None


@office_page
@form_page
def end_post(request: WorkerRequest, pk: int, post: int) -> HttpResponse:
    """Ask for the last day and show what is open under the post; then end it."""
    user = find(request, pk)
    ending = (
        staff.unended(user).filter(pk=post).select_related("area__parent__parent__parent").first()
    )
    if ending is None or not staff.may_keep_area(request.user, ending.area_id):
        raise Http404
    typed = request.POST if request.method == "POST" else None
    form = EndForm(typed, initial={"ends_on": clock.today()})
    if form.is_valid():
        try:
            postings.end_post(ending, by=request.user, ends_on=form.cleaned_data["ends_on"])
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The end of the post is kept."))
            return redirect("person", user.pk)
    work = _open_work(staff.open_work(user, ending))
    page = {"person": user, "post": ending, "form": form, **work}
    return render(request, "office/post_end.html", page, status=422 if form.is_bound else 200)


def _open_work(items: Any) -> dict[str, Any]:
    """How much is open, and the first of it; an administrator reads no case, so no titles."""
    first = items.select_related("process", "area__parent__parent__parent").order_by("due_on", "pk")
    return {"open_count": items.count(), "open_items": [_item(each) for each in first[:SHOWN]]}


def _item(item: WorkItem) -> dict[str, Any]:
    return {
        "number": item.process.number,
        "step": contents.pick(contents.step_texts(item.process, item.step)),
        "area": item.area.path,
        "due_on": item.due_on,
    }
