"""Enters the people of the demonstration and their posts."""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from cases.models import Post, User
from project.demo.accounts import ACCOUNTS, PASSWORD, RETIRED, Account

# Posts begin with a fiscal year, well before the demonstration's oldest case.
STARTS_ON = date(2023, 10, 1)
_RETIRED_ON = date(2025, 9, 30)


@transaction.atomic
def load() -> int:
    """Add the accounts that are missing, with their posts; the others stay as they are.

    Returns how many were added. Their areas have to be loaded.
    """
    known = set(User.objects.values_list("username", flat=True))
    missing = [account for account in RETIRED + ACCOUNTS if account.username not in known]
    if not missing:
        return 0
    # Hashing is slow by design, and these passwords protect nothing: one hash for all.
    password = make_password(PASSWORD)
    User.objects.bulk_create(_user(account, password) for account in missing)
    for account in missing:
        _enter_posts(account)
    return len(missing)


def _user(account: Account, password: str) -> User:
    retired = account in RETIRED
    return User(
        username=account.username,
        name=account.name,
        email=account.email,
        language=account.language,
        password=make_password(None) if retired else password,
        is_active=not retired,
    )


def _enter_posts(account: Account) -> None:
    substituted = Post.objects.filter(
        user__username=account.acting_for, role=account.role, area=account.area
    ).first()
    for area in (account.area, *account.more_areas):
        post = Post(
            user=User.objects.get(username=account.username),
            role=account.role,
            area_id=area,
            starts_on=STARTS_ON if substituted is None else _RETIRED_ON + timedelta(days=1),
            ends_on=_RETIRED_ON if account in RETIRED else None,
            acting_for=substituted,
        )
        post.full_clean()
        post.save()
