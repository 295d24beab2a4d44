from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from cases import clock, holidays, ladders
from workflows import contents


class Command(BaseCommand):
    help = (
        "Loads what every installation needs: areas, holidays, ladders, procedures' texts. "
        "Safe to repeat: rows that people have edited stay, new versions are added."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_areas", stdout=self.stdout)
        year = clock.today().year
        for country in ("TH", "LA"):
            added = holidays.seed(country, range(year - 2, year + 3))
            self.stdout.write(f"holidays of {country}: {added} added")
        self.stdout.write(f"ladders: {len(ladders.seed())} new versions")
        self.stdout.write(f"procedures: {len(contents.load_all())} new versions")
