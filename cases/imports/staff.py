"""The people of an office with their posts (handbook 4.1); the rules are those of `cases.staff`.

A line adds a person, a post, or both. An account that others keep as well is left as it is, and
posts are never ended or moved here: that is done on the person's page.
"""

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import clock, staff
from cases.imports import places, staff_columns
from cases.imports.columns import Column, Line
from cases.imports.kinds import Kind, Outcome
from cases.imports.staff_columns import Invitation
from cases.models import Post, User
from notifications import outbox

PERSONAL = ("name", "email", "phone", "language")


class Staff(Kind):
    """One line a post; a person with several posts has several lines."""

    code = "staff"
    title = gettext_lazy("Staff and their posts")
    hint = gettext_lazy("Who works where, in which role, from when on.")

    def declare(self) -> Sequence[Column]:
        return staff_columns.columns(self.country)

    def load(self, lines: Iterable[Line]) -> None:
        lines = list(lines)
        self._paths = places.found(line.get("area") for line in lines)
        for line in lines:
            codes = self._paths.get(line.get("area"), [])
            if len(codes) == 1:
                line.values["path"], line.values["area"] = line.values["area"], codes[0]
        self.load_areas(code for line in lines if isinstance(code := line.get("area"), str))
        self._load_people(lines)

    def _load_people(self, lines: list[Line]) -> None:
        logins = {login_of(line) for line in lines} - {""}
        emails = {(line.get("email") or "").lower() for line in lines} - {""}
        users = User.objects.annotate(login=Lower("username"), address=Lower("email"))
        named = {user.login: user for user in users.filter(login__in=logins)}
        active = {u.address: u for u in users.filter(address__in=emails, is_active=True)}
        self._by_login, self._by_email = named, active
        pks = {user.pk for user in [*named.values(), *active.values()]}
        self._kept = set(staff.kept_by(self.by).filter(pk__in=pks).values_list("pk", flat=True))
        self._posts: dict[int, list[Post]] = {}
        for post in Post.objects.filter(user__in=pks):
            self._posts.setdefault(post.user_id, []).append(post)

    def user_of(self, line: Line) -> User | None:
        """The person whom the line means, if they have an account: by user name, else e-mail."""
        known = self._by_login.get(login_of(line))
        if known is not None or line.get("username"):
            return known
        return self._by_email.get(email_of(line))

    def person(self, line: Line) -> str:
        """The user name, as it is or will be, of the person whom the line means."""
        user = self.user_of(line)
        if user is not None:
            return user.username.lower()
        if not line.get("username"):
            for _number, login in self.before(("email", email_of(line)), line):
                return str(login)
        return login_of(line)

    def check(self, line: Line) -> None:
        if not login_of(line):
            if not {"username", "email"} & set(line.faults):
                line.refuse("username", _("Write a user name or an e-mail address."))
            return self._check_post(line, None)
        user = self.user_of(line)
        self._check_email(line, user)
        if not self._contradicts(line) and user is not None:
            self._check_account(line, user)
        return self._check_post(line, user)

    def _contradicts(self, line: Line) -> bool:
        """Whether a line before says something else of the person; then this one is refused."""
        for number, said in self.before(("person", self.person(line)), line):
            if any(line.get(name) not in (None, "", value) for name, value in said.items()):
                what = {"number": number}
                line.refuse("name", _("Line %(number)s says something else of them.") % what)
                return True
        return False

    def _check_email(self, line: Line, user: User | None) -> None:
        email = email_of(line)
        holder = self._by_email.get(email) if email else None
        claimed = {login for _n, login in self.before(("email", email), line)} if email else set()
        if (holder is not None and holder != user) or claimed - {self.person(line)}:
            message = _("Somebody else has an account with this e-mail address.")
            line.refuse("email", message)
        reachable = email or (user and user.email) or "email" in line.faults
        if line.get("invite") == Invitation.YES and not reachable:
            line.refuse("email", _("Without an e-mail address nobody can be invited."))

    def _check_account(self, line: Line, user: User) -> None:
        email = email_of(line)
        if not user.is_active:
            line.refuse("username", _("This account is closed: open it on the person's page."))
        if user.email and email and user.email.lower() != email:
            message = _("The account has another e-mail address: change it on the person's page.")
            line.refuse("email", message)
        if self._differing(line, user) and not self._may_keep(user):
            message = _("%(name)s also holds a post outside of your area, and is not changed here.")
            line.refuse("name", message % {"name": user.name})

    def _check_post(self, line: Line, user: User | None) -> None:
        if isinstance(line.get("area"), tuple):
            several = len(self._paths.get(line.values["area"], [])) > 1
            none = _("No area has this path of names, from the province down.")
            many = _("Several areas have this path of names: write the code.")
            line.refuse("area", many if several else none)
            return
        area, role = self.standing_area(line, "area"), line.get("role")
        if area is not None and role and (words := staff.misfit(role, area)):
            line.refuse("role", words)
        starts, ends = line.get("starts_on"), line.get("ends_on")
        if starts and ends and ends < starts:
            line.refuse("ends_on", _("A post ends after it begins."))
        elif starts and area and role and self._overlapping(line, user):
            line.refuse("starts_on", _("They hold this post already in that time."))

    def _overlapping(self, line: Line, user: User | None) -> bool:
        """Whether another post of the same role and area lasts into the line's time."""
        spans = [(post.starts_on, post.ends_on) for post in self._same_posts(line, user)]
        spans += [span for _number, span in self.before(self._post(line), line)]
        own = (line.values["starts_on"], line.get("ends_on"))
        return any(
            span != own and span[0] <= (own[1] or date.max) and own[0] <= (span[1] or date.max)
            for span in spans
        )

    def _same_posts(self, line: Line, user: User | None) -> list[Post]:
        place = (line.get("role"), line.get("area"))
        posts = self._posts.get(user.pk, []) if user else []
        return [post for post in posts if (post.role, post.area_id) == place]

    def _may_keep(self, user: User) -> bool:
        """As `staff.may_keep_account`, for all people of a batch at once."""
        today = clock.today()
        return user.pk in self._kept and all(
            any(post.area_id.startswith(own) for own in self.administered)
            for post in self._posts.get(user.pk, [])
            if post.ends_on is None or post.ends_on >= today
        )

    def _differing(self, line: Line, user: User) -> dict[str, str]:
        """What the line says of a known person that is not so yet."""
        given = {name: line.get(name) for name in PERSONAL if line.get(name)}
        if user.email:
            given.pop("email", None)  # the same, in other letters
        return {name: value for name, value in given.items() if getattr(user, name) != value}

    def _post(self, line: Line) -> tuple[Hashable, ...]:
        return ("post", self.person(line), line.get("role"), line.get("area"))

    def keys(self, line: Line) -> Sequence[Hashable]:
        return ((*self._post(line), line.values["starts_on"]),)

    def claims(self, line: Line) -> Iterable[tuple[Hashable, Any]]:
        person = self.person(line)
        said = {name: line.get(name) for name in PERSONAL if line.get(name)}
        yield ("person", person), said
        yield self._post(line), (line.values["starts_on"], line.get("ends_on"))
        if email_of(line):
            yield ("email", email_of(line)), person

    def outcome(self, line: Line) -> Outcome:
        user = self.user_of(line)
        if user is None or not self._same(line, user):
            return Outcome.ADDED
        return Outcome.CHANGED if self._differing(line, user) else Outcome.UNCHANGED

    def _same(self, line: Line, user: User) -> bool:
        """Whether the person holds the very post already."""
        starts = line.values["starts_on"]
        return any(post.starts_on == starts for post in self._same_posts(line, user))

    def write(self, lines: list[Line], run: Any) -> None:
        users = self._write_people(lines)
        posts = []
        for line in lines:
            user, known = users[self.person(line)], self.user_of(line)
            if known is None or not self._same(line, known):
                values = {name: line.get(name) for name in ("role", "starts_on", "ends_on")}
                posts.append(Post(user=user, area_id=line.values["area"], **values))
        Post.objects.bulk_create(posts)
        self._invite(lines, users, run)

    def _write_people(self, lines: list[Line]) -> dict[str, User]:
        """The people of these lines by user name, new ones added, known ones brought up to date."""
        users: dict[str, User] = {}
        changed = []
        for line in lines:
            person, known = self.person(line), self.user_of(line)
            if person not in users:
                fresh = User(username=person, language=self.by.language)
                fresh.password = make_password(None)
                users[person] = known or fresh
            differing = self._differing(line, users[person])
            for name, value in differing.items():
                setattr(users[person], name, value)
            if known and differing:
                changed.append(users[person])
        User.objects.bulk_create([user for user in users.values() if user.pk is None])
        User.objects.bulk_update(changed, PERSONAL)
        return users

    def _invite(self, lines: list[Line], users: dict[str, User], run: Any) -> None:
        """Queue a link to set a password for new people of whom the file says so."""
        asked = [line for line in lines if line.get("invite") == Invitation.YES]
        new = [users[self.person(line)] for line in asked if self.user_of(line) is None]
        outbox.queue_many(
            [
                outbox.message(
                    to=user,
                    template="invited",
                    context={"who": self.by.get_full_name()},
                    key=f"invited:{user.pk}:import-{run.pk}",
                    at=clock.now(),
                )
                for user in {user.pk: user for user in new}.values()
                if user.email
            ]
        )


def email_of(line: Line) -> str:
    """The e-mail address in small letters; "" without one."""
    return (line.get("email") or "").lower()


def login_of(line: Line) -> str:
    """The name to sign in with: as given, else the e-mail address."""
    return line.get("username") or email_of(line)
