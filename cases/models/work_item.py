from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import AbstractTask
from viewflow.workflow.status import STATUS

from cases import clock
from cases.roles import Role

OPEN = Q(closed_at__isnull=True)


class WorkItem(AbstractTask):
    """One open or finished step of one case; a viewflow task (DESIGN 2, 3).

    Carries what the work list filters and sorts by, so that the list is one query under
    partial indexes on open rows. viewflow's own columns that we do not use are left out.
    """

    process = models.ForeignKey("cases.Case", models.PROTECT, related_name="task_set")
    status = models.CharField(max_length=50, choices=STATUS.choices, default=STATUS.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="work_items",
    )
    role = models.CharField(max_length=30, choices=Role, blank=True)
    area = models.ForeignKey("cases.Area", models.PROTECT, db_index=False, related_name="+")
    # viewflow stamps its own times from the machine's clock; these are from ours.
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    wakes_on = models.DateField(null=True, blank=True, help_text=_("when a wait is over"))
    returned_by = models.ForeignKey(
        "cases.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text=_("the decision that sent the case back to this step"),
    )
    # Half-filled form, kept until the step is done: nothing that was typed is lost.
    draft: Any = models.JSONField(default=dict, blank=True)

    created = models.DateTimeField(default=clock.now)
    scheduled = None
    external_task_id = None
    owner_permission = None  # who may act follows from posts, see cases/people.py
    owner_permission_content_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    data = None
    seed = None
    artifact = None

    class Meta:
        verbose_name = _("work item")
        indexes = [
            models.Index(name="item_mine", fields=["owner", "due_on"], condition=OPEN),
            # A prefix of the area's code is an area: LIKE 'TH4203%' wants pattern operators.
            models.Index(
                name="item_unclaimed",
                fields=["role", "area", "due_on"],
                opclasses=["varchar_ops", "varchar_pattern_ops", "date_ops"],
                condition=OPEN & Q(owner__isnull=True),
            ),
            models.Index(
                name="item_wakes",
                fields=["wakes_on"],
                condition=OPEN & Q(wakes_on__isnull=False),
            ),
        ]

    @property
    def step(self) -> str:
        """The name of the step in its procedure's flow."""
        return str(self.flow_task.name)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
