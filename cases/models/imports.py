"""Files that an office imports: how far each has come, and the lines that were refused."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import clock


class ImportRun(models.Model):
    """One file on its way in: first looked through, then, when somebody says so, imported.

    Both passes go in batches; `position` is the last line that is through, so that whoever takes
    over goes on from there. The counts are those of the pass that runs or ran last.
    """

    class Status(models.TextChoices):
        CHECKING = "CHECKING", _("Being checked")
        CHECKED = "CHECKED", _("Checked, not imported yet")
        RUNNING = "RUNNING", _("Being imported")
        DONE = "DONE", _("Imported")
        FAILED = "FAILED", _("Stopped by a fault")

    kind = models.CharField(_("kind"), max_length=30)
    area = models.ForeignKey("cases.Area", models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    file = models.FileField(max_length=200)
    name = models.CharField(_("name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    # How the file was read (encoding, sheet, columns that nobody knows), as codes.
    notes: Any = models.JSONField(default=dict)
    headings: Any = models.JSONField(default=list)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.CHECKING)
    total = models.PositiveIntegerField(_("lines"))
    position = models.PositiveIntegerField(default=0, help_text=_("last line that is through"))
    done = models.PositiveIntegerField(default=0, help_text=_("lines that are through"))
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    preview: Any = models.JSONField(default=list)
    # The counts of the check, kept when somebody says "import".
    predicted: Any = models.JSONField(default=dict)
    # When a batch was last through, by the machine's clock; empty: nobody is at it.
    moved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                name="import_going_on",
                fields=["id"],
                condition=models.Q(status__in=["CHECKING", "RUNNING"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def good(self) -> int:
        """Lines that were or would be imported, those that stand already included."""
        return self.added + self.changed + self.unchanged

    @property
    def is_going_on(self) -> bool:
        return self.status in (self.Status.CHECKING, self.Status.RUNNING)


class RefusedLine(models.Model):
    """A line that was refused: its cells as they stood, and why, in every language.

    `reasons` is {language: [[column, text], …]}; a reason about the whole line has column -1.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="refused_lines")
    number = models.PositiveIntegerField()
    cells: Any = models.JSONField()
    reasons: Any = models.JSONField()

    class Meta:
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(name="refused_line_once", fields=["run", "number"])]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number}"
