"""Foundings that were begun on paper, as a file (handbook 5.1)."""

from django.utils.translation import gettext_lazy

from workflows.imports import RunningCases
from workflows.procedures.savings_group.flows import SavingsGroupFlow


class RunningFoundings(RunningCases):
    """Foundings up to the enrolment: members and committees are recorded here, step by step."""

    code = "foundings"
    title = gettext_lazy("Running foundings of savings groups")
    hint = gettext_lazy("Foundings that have begun on paper, each at the step where it stands.")
    procedure = SavingsGroupFlow
