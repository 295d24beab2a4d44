from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField
from viewflow.workflow.managers import ProcessQuerySet
from viewflow.workflow.models import AbstractProcess

from cases import clock, dates, people


class CaseQuerySet(ProcessQuerySet):
    def visible_to(self, user: Any) -> "CaseQuerySet":
        """Cases that `user` may read today: under their posts' areas, or theirs by name."""
        return self.filter(people.visible_to(user))


class Case(ConcurrentTransitionMixin, AbstractProcess):
    """One running instance of a procedure; every procedure's model subclasses it (DESIGN 3)."""

    number = models.CharField(_("case number"), max_length=30, unique=True)
    procedure = models.CharField(max_length=10)
    content = models.ForeignKey("cases.ProcedureContent", models.PROTECT, related_name="+")
    area = models.ForeignKey("cases.Area", models.PROTECT, related_name="cases")
    party = models.ForeignKey(
        "cases.Party", models.PROTECT, null=True, blank=True, related_name="cases"
    )
    parent_case = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="child_cases"
    )
    # The month of a recurring case, its first day (handbook 8, rule 3).
    period = models.DateField(_("month"), null=True, blank=True)
    state = FSMField(_("state"), max_length=30, protected=True)
    opened_by = models.ForeignKey(  # nobody: the calendar opened it
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Head of the event chain, kept here so that an event costs no look-up (cases/audit.py).
    event_count = models.PositiveIntegerField(default=0)
    event_hash = models.CharField(max_length=64, blank=True)

    # viewflow reads these of its own Process on start, cancel and revive; we link parents
    # by `parent_case` and keep data in columns.
    parent_task = None
    seed = None
    artifact = None

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        indexes = [
            models.Index(
                name="case_open_by_area",
                fields=["area", "procedure"],
                condition=models.Q(closed_at__isnull=True),
            )
        ]
        constraints = [
            # What the calendar opens, it opens once, also when it runs twice (handbook 5.2).
            models.UniqueConstraint(
                name="case_once_a_period",
                fields=["party", "procedure", "period"],
                condition=models.Q(period__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """What the case is about, for lists: its group, else its place; and its month."""
        subject = str(self.party or self.area)
        return f"{subject} · {dates.format_month(self.period)}" if self.period else subject

    def corrected(self, fields: Sequence[str]) -> None:
        """Let what was made from the columns `fields` follow them, which a correction of a
        finished step has just changed (handbook 8, rule 10); nothing unless a procedure says so.
        """

    def refresh_from_db(  # type: ignore[override]  # Django 5.2 takes more than its stubs say
        self, using: Any = None, fields: Any = None, **kwargs: Any
    ) -> None:
        """Read again without django-fsm-2's own refresh.

        Its mixin lifts the protection of the *shared* field while it reads: a failed refresh
        would leave the state assignable, and threads collide (DESIGN 3).
        """
        self.__dict__.pop("state", None)
        if fields is not None:
            fields = {*fields, "state"}
        models.Model.refresh_from_db(self, using=using, fields=fields, **kwargs)
        self._update_initial_state()


class CaseCounter(models.Model):
    """The running number of a kind of case in a province and fiscal year (handbook 5)."""

    prefix = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last:04}"

    @classmethod
    def take(cls, prefix: str) -> str:
        """Next case number under `prefix`, e.g. SGF-42-2567 → SGF-42-2567-0031; see `take_many`."""
        return cls.take_many(prefix, 1)[0]

    @classmethod
    def take_many(cls, prefix: str, count: int) -> list[str]:
        """The next `count` case numbers under `prefix`.

        Holds the counter's row until the transaction ends, so numbers have no gaps.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO cases_casecounter (prefix, last) VALUES (%s, %s) ON CONFLICT (prefix) "
                "DO UPDATE SET last = cases_casecounter.last + EXCLUDED.last RETURNING last",
                [prefix, count],
            )
            last = cursor.fetchone()[0]
        return [f"{prefix}-{number:04}" for number in range(last - count + 1, last + 1)]
