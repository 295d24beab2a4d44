from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.collation import sort_key


class AreaQuerySet(models.QuerySet):
    def in_force(self) -> "AreaQuerySet":
        """Areas that were not abolished: what lists offer and counts count."""
        return self.filter(abolished_on__isnull=True)

    def under(self, code: str) -> "AreaQuerySet":
        """The area with `code` and all below it."""
        return self.filter(code__startswith=code)


class Area(models.Model):
    """A unit of territory under its official code (handbook 3.1, 3.2).

    Codes are the country and two digits a level: `TH` > `TH42` > `TH4203` > `TH420301` >
    `TH42030105`. So a prefix is an area, and two countries never collide (DESIGN 5).
    """

    class Level(models.IntegerChoices):
        COUNTRY = 0, _("Country")
        PROVINCE = 1, _("Province")
        DISTRICT = 2, _("District")
        SUBDISTRICT = 3, _("Subdistrict")
        VILLAGE = 4, _("Village")

    code = models.CharField(_("code"), max_length=10, primary_key=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    name_th = models.CharField(max_length=100, blank=True)
    name_lo = models.CharField(max_length=100, blank=True)
    name_en = models.CharField(max_length=100, blank=True)
    # The C.UTF-8 locale sorts by code point, so Thai leading vowels need a key of their own.
    sort_key = models.CharField(max_length=200, blank=True, editable=False)
    invented = models.BooleanField(
        default=False, help_text=_("Made up for the demonstration, not an official unit.")
    )
    abolished_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "code"]
        verbose_name = _("area")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(self.name_th or self.name_lo or self.name_en)
        super().save(*args, **kwargs)

    @staticmethod
    def level_of(code: str) -> "Area.Level":
        """The level that a code stands for; ValueError for a code of a wrong length."""
        if len(code) % 2:
            raise ValueError(f"{code!r} is not an area code: the country and two digits a level")
        return Area.Level(len(code) // 2 - 1)

    @property
    def name(self) -> str:
        """The name in the reader's language, else in another one that is known."""
        language = (get_language() or "th")[:2]
        own = getattr(self, f"name_{language}", "")
        return own or self.name_th or self.name_lo or self.name_en or self.code

    @property
    def prefixes(self) -> list[str]:
        """The codes of this area and of all above it, nearest first."""
        return prefixes(self.code)

    @property
    def path(self) -> str:
        """Full path up to the province: names repeat in Thailand (handbook 3.1).

        Reads `parent`, so lists select `area__parent__parent__parent` with it.
        """
        names, area = [self.name], self
        while area.level > Area.Level.PROVINCE and area.parent is not None:
            area = area.parent
            names.append(area.name)
        return " · ".join(names)


def prefixes(code: str) -> list[str]:
    """All area codes that contain `code`, itself first: TH4203 → [TH4203, TH42, TH]."""
    return [code[:end] for end in range(len(code), 1, -2)]
