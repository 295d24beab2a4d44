from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """A file kept with a case: evidence of a checklist item, minutes, a photo (handbook 8, 7)."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="documents")
    step = models.CharField(max_length=50, blank=True)
    item = models.CharField(max_length=50, blank=True, help_text=_("Checklist item it proves"))
    # A paper that the system made (handbook 3.5), kept as it was when made; else "".
    paper = models.CharField(max_length=40, blank=True)
    file = models.FileField(max_length=200)
    thumbnail = models.FileField(max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(help_text=_("bytes as kept"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
