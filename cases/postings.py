"""Giving people their posts and ending them (handbook 4.1); as `cases.staffing` in all else."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from cases import clock, staff, staffing
from cases.models import Area, Change, Post, User
from cases.roles import Role


@transaction.atomic
def give_post(
    user: User,
    *,
    by: User | None,
    role: str,
    area: Area,
    starts_on: date,
    ends_on: date | None = None,
    acting_for: Post | None = None,
) -> Post:
    """Give `user` a post from a day to a day, both included; returns it.

    Raises ValidationError when the area is not the administrator's, the role does not fit it,
    the dates are the wrong way round, or the person holds the same post in that time.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _refuse_area(by, area)
    if words := staff.misfit(role, area):
        raise ValidationError({"role": words})
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": _("A post ends after it begins.")})
    post = Post(
        user=user, role=role, area=area, starts_on=starts_on, ends_on=ends_on, acting_for=acting_for
    )
    for other in Post.objects.filter(user=user, role=role, area=area):
        if _same(other, post):
            return other
        if _overlap(other, post):
            raise ValidationError({"starts_on": _("They hold this post already in that time.")})
    post.clean()
    post.save()
    staffing.record(Change.Kind.POST_ADDED, user, by, area=area, after=_post_values(post))
    return post


@transaction.atomic
def end_post(post: Post, *, by: User | None, ends_on: date) -> None:
    """Let a post end with the day `ends_on`; one that has not begun by then is taken back."""
    post = (
        Post.objects.select_for_update(no_key=True).select_related("area", "user").get(pk=post.pk)
    )
    _refuse_area(by, post.area)
    if ends_on == post.ends_on:
        return
    begun = post.starts_on <= clock.today()
    if ends_on < post.starts_on and begun:
        raise ValidationError({"ends_on": _("A post ends after it begins.")})
    if post.ends_on and ends_on > post.ends_on:
        words = _("This post ends earlier already. Give it anew for the time after.")
        raise ValidationError({"ends_on": words})
    if post.role == Role.ADMIN and begun:
        staff.lock_administrators()
        day = ends_on + timedelta(days=1)
        staffing.refuse_without_administrator(post.user, Post.objects.filter(pk=post.pk), day)
    before = _post_values(post)
    user, area = post.user, post.area
    if ends_on < post.starts_on:
        _take_back(post)
        after = {}
    else:
        post.ends_on = ends_on
        post.save(update_fields=["ends_on"])
        after = _post_values(post)
    staffing.record(Change.Kind.POST_ENDED, user, by, area=area, before=before, after=after)


def _take_back(post: Post) -> None:
    try:
        post.delete()
    except ProtectedError as error:
        words = _("Somebody is to act in this post: end theirs first.")
        raise ValidationError({"ends_on": words}) from error


def _refuse_area(by: User | None, area: Area) -> None:
    if not staff.may_keep_area(by, area.code):
        raise ValidationError(
            {"area": _("%(area)s is not in your area.") % {"area": area.name}}, code="area"
        )


def _same(one: Post, other: Post) -> bool:
    times = (one.starts_on, one.ends_on) == (other.starts_on, other.ends_on)
    return times and one.acting_for_id == other.acting_for_id


def _overlap(one: Post, other: Post) -> bool:
    one_last, other_last = one.ends_on or date.max, other.ends_on or date.max
    return one.starts_on <= other_last and other.starts_on <= one_last


def _post_values(post: Post) -> dict[str, Any]:
    return {
        "role": post.role,
        "area": post.area_id,
        "starts_on": post.starts_on.isoformat(),
        "ends_on": post.ends_on.isoformat() if post.ends_on else None,
        "acting_for": post.acting_for.user.name if post.acting_for else None,
    }
