"""What an administrator does with people and their accounts (handbook 4.1, DESIGN 5).

Each function is one transaction, looks whether it may be, and writes one `Change`. Whatever is
refused raises ValidationError with words, at the name of the field that has to be mended; a page
puts them beside its field, an import beside its column. `by` is the administrator, None the
system itself. Doing the same twice is doing it once.
"""

import re
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cases import changes, clock, people, staff
from cases.models import Area, Change, Post, User
from notifications import outbox
from notifications.models import Message

AGAIN_AFTER = timedelta(minutes=5)
"""How long a person gets no second message of the same kind."""

KEPT = ("name", "username", "email", "phone", "language")


@transaction.atomic
def add_person(
    *,
    by: User | None,
    name: str,
    email: str = "",
    username: str = "",
    phone: str = "",
    language: str = "th",
) -> User:
    """A new account without a password and without a post; `invite` lets the person in.

    Without `username` it is made of the e-mail address. Raises ValidationError at "username" or
    "email" when somebody else has it.
    """
    login = username or _free_login(email)
    if User.objects.filter(username__iexact=login).exists():
        raise ValidationError({"username": _("Somebody else signs in with this name.")})
    _refuse_taken_email(email)
    user = User(name=name, username=login, email=email, phone=phone, language=language)
    user.set_unusable_password()
    _save(user)
    record(Change.Kind.USER_ADDED, user, by, after=_values(user))
    return user


@transaction.atomic
def change_person(user: User, *, by: User, **values: str) -> User:
    """Change some of name, e-mail, phone and language; the person themselves may, too.

    A link that was sent to an earlier e-mail address works no more.
    """
    user = _locked(user, None if user == by else by)
    before = _values(user)
    if values.get("email", user.email).lower() != user.email.lower() and user.is_active:
        _refuse_taken_email(values["email"])
    for field, value in values.items():
        setattr(user, field, value)
    differing = [field for field in KEPT if before[field] != getattr(user, field)]
    if differing:
        _save(user, update_fields=differing)
        after = _values(user)
        record(
            Change.Kind.USER_CHANGED,
            user,
            by,
            before={field: before[field] for field in differing},
            after={field: after[field] for field in differing},
        )
    return user


@transaction.atomic
def invite(user: User, *, by: User | None) -> bool:
    """Send a person who has no password yet a link to set one; False if that was just done."""
    user = _locked(user, by)
    if not user.is_active:
        raise ValidationError(_("This account is closed."))
    if not user.email:
        raise ValidationError({"email": _("Enter an e-mail address to send the invitation to.")})
    if user.has_usable_password():
        raise ValidationError(
            _("%(name)s has a password already; a forgotten one is set anew from the sign-in page.")
            % {"name": user}
        )
    context = {"who": by.get_full_name()} if by else {}
    if not _send(user, "invited", context):
        return False
    record(Change.Kind.USER_INVITED, user, by, after={"email": user.email})
    return True


def send_reset(typed: str) -> None:
    """Send whoever signs in with `typed`, or has it as e-mail address, a link for a new password.

    Nothing tells whether there is anybody: whoever asks hears the same.
    """
    named = Q(username__iexact=typed) | Q(email__iexact=typed)
    for user in User.objects.filter(named, is_active=True).exclude(email=""):
        _send(user, "password_reset", {})


def note_password(user: User) -> None:
    """Keep that `user` has set a password."""
    record(Change.Kind.PASSWORD_SET, user, user)


@transaction.atomic
def close_account(user: User, *, by: User | None) -> None:
    """Let `user` in no more, at once; their open work moves on by itself (workflows.tasks.free).

    The password goes as well, so that no session and no link comes back to life with the account.
    """
    user = _locked(user, by)
    if user == by:
        raise ValidationError(_("Nobody closes their own account: ask another administrator."))
    if not user.is_active:
        return
    staff.lock_administrators()
    today = clock.today()
    refuse_without_administrator(user, Post.objects.held_on(today).filter(user=user), today)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    record(Change.Kind.USER_DEACTIVATED, user, by)


@transaction.atomic
def open_account(user: User, *, by: User | None) -> None:
    """Let a person in again, with the posts that still run, and send a link for a password."""
    user = _locked(user, by)
    if user.is_active:
        return
    _refuse_taken_email(user.email)
    user.is_active = True
    _save(user, update_fields=["is_active"])
    record(Change.Kind.USER_REACTIVATED, user, by)
    if user.email:
        invite(user, by=by)


def _locked(user: User, by: User | None) -> User:
    """`user` as it stands, locked; refused where the account is not `by`'s to keep."""
    found = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not staff.may_keep_account(by, found):
        raise ValidationError(
            _("%(name)s also holds a post outside of your area: ask an administrator above.")
            % {"name": found}
        )
    return found


def _free_login(email: str) -> str:
    """A user name that nobody has, made of the e-mail address: somchai, somchai2 …"""
    wanted = re.sub(r"[^a-z0-9._-]", "", email.partition("@")[0].lower())
    if len(wanted) < 2 or not wanted[0].isalnum():
        raise ValidationError({"username": _("Write a name to sign in with.")})
    taken = set(User.objects.filter(username__startswith=wanted).values_list("username", flat=True))
    names = (f"{wanted}{number if number > 1 else ''}" for number in count(1))
    return next(name for name in names if name not in taken)


def _taken_email() -> ValidationError:
    return ValidationError({"email": _("Somebody else has an account with this e-mail address.")})


def _refuse_taken_email(email: str) -> None:
    if email and User.objects.filter(is_active=True, email__iexact=email).exists():
        raise _taken_email()


def _save(user: User, **options: Any) -> None:
    """Save; of two who enter the same at once the second is told as if they had come later."""
    try:
        with transaction.atomic():
            user.save(**options)
    except IntegrityError as error:
        if "user_email_once" in str(error):
            raise _taken_email() from error
        words = _("Somebody else signs in with this name.")
        raise ValidationError({"username": words}) from error


def _send(user: User, template: str, context: dict[str, Any]) -> bool:
    """Queue a personal message, unless the same went to the same address a moment ago."""
    now = clock.now()
    mark = salted_hmac("personal", f"{user.email} {user.password}").hexdigest()[:16]
    key = f"{template}:{user.pk}:{mark}:"
    recent = Message.objects.filter(to=user, key__startswith=key)
    if recent.filter(queued_at__gt=now - AGAIN_AFTER).exists():
        return False
    key += f"{now.timestamp():.0f}"
    outbox.queue(to=user, template=template, context=context, key=key, at=now)
    return True


def refuse_without_administrator(user: User, posts: QuerySet[Post], day: date) -> None:
    """Refuse what would leave an area of `posts` without an administrator on `day`."""
    if post := staff.without_administrator(posts, day):
        raise ValidationError(
            _(
                "%(name)s is the last administrator of %(area)s. Give the post to somebody else "
                "first, who has set a password."
            )
            % {"name": user, "area": post.area.name}
        )


def _values(user: User) -> dict[str, str]:
    return {field: getattr(user, field) for field in KEPT}


def record(
    kind: Change.Kind, user: User, by: User | None, *, area: Area | None = None, **what: Any
) -> None:
    """Write the change down, at the area of the person's post or else of the administrator."""
    post = staff.unended(user).order_by("pk").first()
    own = people.administered_areas(by) if by else []
    place = area or (post.area_id if post else own[0] if own else None)
    changes.record(kind, by=by, about=staff.about(user), area=place, **what)
