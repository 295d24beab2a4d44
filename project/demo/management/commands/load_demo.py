from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from cases import clock, territory
from project.demo import committees, groups, months, rollout, staff, villages


class Command(BaseCommand):
    help = "Loads the demonstration: reference data, Loei's villages and groups, people, cases."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_reference", stdout=self.stdout)
        loaded = territory.load(villages.village_units())
        self.stdout.write(f"invented villages: {loaded.added} added, {loaded.unchanged} unchanged")
        self.stdout.write(f"invented groups: {groups.load()} added")
        self.stdout.write(f"seats on funds: {committees.load(clock.today())} added")
        self.stdout.write(f"accounts: {staff.load()} added")
        self.stdout.write(f"months of groups: {months.load()} lived through")
        self.stdout.write(f"cases: {rollout.load()} made")
        months.follow_founded()
