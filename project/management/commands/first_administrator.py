from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from cases import clock, postings, staffing
from cases.contact_fields import EmailField, LoginField
from cases.fields import NameField
from cases.models import Area, Post, User
from cases.roles import Role
from notifications import links


class Command(BaseCommand):
    help = (
        "Adds the first administrator and prints a link with which they set their password. "
        "The areas have to be loaded before (load_reference)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--name", required=True, help="shown to everybody: title-less full name"
        )
        parser.add_argument("--email", required=True)
        parser.add_argument("--username", default="", help="default: made of the e-mail address")
        parser.add_argument("--area", default="TH", help="code of the area to administer: TH, TH42")
        parser.add_argument("--language", default="th", choices=["th", "lo", "en"])
        parser.add_argument(
            "--another", action="store_true", help="although there is an administrator already"
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            user = self._administrator(options)
            self.stdout.write(
                f"{user} administers {options['area']} and signs in as {user.username}."
            )
            if user.has_usable_password():
                self.stdout.write(
                    "A password is set; a forgotten one is set anew on the sign-in page."
                )
                return
            self.stdout.write(f"Set the password with this link, once, within {links.DAYS} days:")
            self.stdout.write(links.personal_link(user))

    def _administrator(self, options: dict[str, Any]) -> User:
        """The account with this e-mail address, added where it is missing, with the post."""
        area = Area.objects.in_force().filter(code=options["area"]).first()
        if area is None:
            raise CommandError(f"There is no area {options['area']}. Run load_reference first.")
        try:
            entries = {
                "name": NameField(max_length=150).clean(options["name"]),
                "email": EmailField().clean(options["email"]),
                "username": LoginField(required=False).clean(options["username"]),
            }
            user = User.objects.filter(email__iexact=entries["email"], is_active=True).first()
            self._refuse_second(user, options["another"])
            user = user or staffing.add_person(by=None, language=options["language"], **entries)
            if not _administers(user, area):
                today = clock.today()
                postings.give_post(user, by=None, role=Role.ADMIN, area=area, starts_on=today)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        return user

    def _refuse_second(self, user: User | None, another: bool) -> None:
        held = Post.objects.held_on(clock.today()).filter(role=Role.ADMIN).select_related("user")
        others = held.exclude(user=user).order_by("pk")
        if another or not others or (user and held.filter(user=user).exists()):
            return
        names = ", ".join(f"{post.user} ({post.user.username}, {post.area_id})" for post in others)
        raise CommandError(
            f"There is an administrator already: {names}. They add people under Office, People. "
            "If none of them can sign in any more, say --another."
        )


def _administers(user: User, area: Area) -> bool:
    posts = Post.objects.held_on(clock.today()).filter(user=user, role=Role.ADMIN)
    return any(area.code.startswith(post.area_id) for post in posts)
