"""Delete files that no document names: what uploads left behind when they were rolled back."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cases.documents import clear_orphans


class Command(BaseCommand):
    help = "Delete kept files, older than a day, that no document names."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_("%(count)s files deleted.") % {"count": clear_orphans()})
