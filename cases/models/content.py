from typing import Any

from django.db import models

from cases import clock


class ProcedureContent(models.Model):
    """One version of a procedure's texts, checklists and numbers, as loaded from content.yaml.

    Rows never change: a running case keeps the version it began with (handbook 8, rule 1).
    """

    procedure = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    body: Any = models.JSONField()
    loaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="content_version", fields=["procedure", "version"]),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} v{self.version}"
