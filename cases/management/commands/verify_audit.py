"""Prove that the audit trail is whole, or name its first broken link."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cases.models import Case
from cases.proof import prove


class Command(BaseCommand):
    help = "Prove the audit trail's hash chains; exit code 1 names the first broken link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", default="", metavar="NUMBER", help="only this case's chain")

    def handle(self, *args: Any, case: str, **options: Any) -> None:
        if case and not Case.objects.filter(number=case).exists():
            raise CommandError(_("There is no case %(number)s.") % {"number": case}, returncode=2)
        begun = time.monotonic()
        proof = prove(case)
        if broken := proof.broken:
            what = {"case": broken.case, "event": broken.event, "what": broken.fault.label}
            message = _("BROKEN: case %(case)s, event %(event)s: %(what)s.")
            raise CommandError(message % what, returncode=1)
        rate = proof.events / max(time.monotonic() - begun, 0.001)
        self.stdout.write(
            _("Whole: %(events)s events of %(cases)s cases, %(rate)s events a second.")
            % {
                "events": f"{proof.events:,}",
                "cases": f"{proof.cases:,}",
                "rate": f"{rate:,.0f}",
            }
        )
