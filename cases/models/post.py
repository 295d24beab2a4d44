from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.roles import Role


class PostQuerySet(models.QuerySet):
    def held_on(self, day: date) -> "PostQuerySet":
        """Posts in force on `day`, both ends included, of people who may sign in."""
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day, user__is_active=True
        )


class Post(models.Model):
    """A role held by a person at an area from a date to a date (handbook 4.1).

    An acting officer holds a post of their own with `acting_for` naming the substituted one;
    they act under their own name with the substituted role shown.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts")
    role = models.CharField(_("role"), max_length=30, choices=Role)
    area = models.ForeignKey("cases.Area", models.PROTECT, related_name="posts")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    acting_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="substitutes"
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        constraints = [
            models.CheckConstraint(
                name="post_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.area_id}"

    def clean(self) -> None:
        """An acting officer substitutes somebody else, in the same role at the same area."""
        substituted = self.acting_for
        if substituted is None:
            return
        if (substituted.role, substituted.area_id) != (self.role, self.area_id):
            raise ValidationError(
                {"acting_for": _("The substituted post is another role or another area.")}
            )
        if substituted.user_id == self.user_id:
            raise ValidationError({"acting_for": _("Nobody substitutes themselves.")})
