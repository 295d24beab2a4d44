"""Whom an administrator keeps, and what stands under somebody's name (handbook 4.1, DESIGN 5)."""

from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from cases import clock, people
from cases.models import Area, Change, Post, User, WorkItem
from cases.models.area import prefixes
from cases.models.work_item import OPEN
from cases.roles import CHIEFS, LEVELS, Role, fits
from notifications.models import Message


def about(user: User) -> str:
    """How the office's history names a person."""
    return f"user:{user.pk}"


def _unended(today: date) -> Q:
    return Q(ends_on__isnull=True) | Q(ends_on__gte=today)


WITHOUT_PASSWORD = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def running_posts() -> QuerySet[Post]:
    """Posts that are in force or will be."""
    return Post.objects.filter(_unended(clock.today()))


def with_posts(found: QuerySet[User]) -> QuerySet[User]:
    """People with `running`, their posts that are in force or will be."""
    posts = running_posts().select_related("area__parent__parent__parent").order_by("starts_on")
    return found.prefetch_related(Prefetch("posts", posts, to_attr="running"))


def with_state(found: QuerySet[User]) -> QuerySet[User]:
    """People with `waiting` (no password yet), `invited_at` (None: never, aware time) and
    `undelivered`, why the last invitation has not arrived ("" if it has).
    """
    letters = Message.objects.filter(to=OuterRef("pk"), template="invited").order_by("-pk")
    return found.annotate(
        waiting=ExpressionWrapper(WITHOUT_PASSWORD, output_field=BooleanField()),
        invited_at=Subquery(letters.values("queued_at")[:1]),
        undelivered=Subquery(letters.values("error")[:1]),
    )


def unended(user: User) -> QuerySet[Post]:
    """Posts of `user` that are in force or will be."""
    return running_posts().filter(user=user)


def kept_by(admin: User) -> QuerySet[User]:
    """The people whom `admin` finds: with posts in the administered areas, those who left them
    for no other, and who was added by `admin` and has no post yet.
    """
    areas = people.under(people.administered_areas(admin))
    posts = Post.objects.filter(user=OuterRef("pk"))
    running = posts.filter(_unended(clock.today()))
    name = Concat(Value("user:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    added = Change.objects.filter(kind=Change.Kind.USER_ADDED, about=name, by=admin)
    without = ~Exists(running) & (Exists(posts.filter(areas)) | (~Exists(posts) & Exists(added)))
    return User.objects.filter(Q(Exists(running.filter(areas))) | without)


def may_keep_area(admin: User | None, code: str) -> bool:
    """Whether posts at the area with `code` are `admin`'s to give; the system's (None) always."""
    return admin is None or any(code.startswith(own) for own in people.administered_areas(admin))


def may_keep_account(admin: User | None, user: User) -> bool:
    """Whether `admin` may change the account: none of its posts lies outside of their areas.

    Else an administrator of a district could enter their own e-mail address for somebody of the
    province, and sign in as them.
    """
    if admin is None:
        return True
    outside = unended(user).exclude(people.under(people.administered_areas(admin)))
    return kept_by(admin).filter(pk=user.pk).exists() and not outside.exists()


def misfit(role: str, area: Area) -> str:
    """Why `role` cannot be held at `area`, in words; "" when it can."""
    if fits(role, area.code):
        return ""
    level = Area.Level(LEVELS[role][0]).label
    what = {"role": Role(role).label, "area": area.name, "level": level}
    return _("%(role)s is no post for %(area)s (level: %(level)s).") % what


def also_held_by(post: Post) -> list[Post]:
    """Other people's posts of the same chief role at the same area while `post` lasts."""
    if post.role not in CHIEFS:
        return []
    same = Post.objects.filter(role=post.role, area=post.area, user__is_active=True)
    together = same.exclude(user=post.user).filter(_unended(post.starts_on))
    if post.ends_on:
        together = together.filter(starts_on__lte=post.ends_on)
    return list(together.exclude(pk=post.acting_for_id or 0).select_related("user").order_by("pk"))


def chiefs_at(area: Area) -> list[Post]:
    """Who holds a chief's post at `area` itself today, or will."""
    held = running_posts().filter(area=area, role__in=CHIEFS, user__is_active=True)
    return list(held.select_related("user").order_by("role", "pk"))


def open_work(user: User, post: Post | None = None) -> QuerySet[WorkItem]:
    """Open work under the name of `user`, or what of it `post` alone entitles them to."""
    items = WorkItem.objects.filter(OPEN, owner=user)
    if post is None:
        return items
    others = Q(pk__in=[])
    for other in Post.objects.held_on(clock.today()).filter(user=user).exclude(pk=post.pk):
        others |= Q(role=other.role) & people.under([other.area_id])
    return items.filter(people.under([post.area_id]), role=post.role).exclude(others)


def lock_administrators() -> None:
    """Let one transaction at a time change who administers, so that not both of two go."""
    list(Post.objects.select_for_update(no_key=True).filter(role=Role.ADMIN).order_by("pk"))


def without_administrator(posts: QuerySet[Post], day: date) -> Post | None:
    """The first of the ADMIN `posts` whose area nobody else could keep on `day`; None if none.

    Who never set a password cannot keep anything. The caller holds `lock_administrators`.
    """
    able = Post.objects.held_on(day).filter(role=Role.ADMIN)
    able = able.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    for post in posts.filter(role=Role.ADMIN).select_related("area"):
        above = able.filter(area__in=prefixes(post.area_id)).exclude(user=post.user_id)
        if not above.exists():
            return post
    return None
