from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person with an account. Users are deactivated, never deleted (DESIGN 5)."""

    first_name = None  # type: ignore[assignment]  # Thai and Lao names are shown whole
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True)

    REQUIRED_FIELDS = ["name", "email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # Who asks for a new password by e-mail address is one person. Closed accounts keep
            # their address, so that a successor can take over a shared one of the office.
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                condition=Q(is_active=True) & ~Q(email=""),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The person's name as shown everywhere; the login name where none is entered."""
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()
