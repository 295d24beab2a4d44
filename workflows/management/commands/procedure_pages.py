from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workflows.contents import procedures
from workflows.pages.procedure import markdown

FOLDER = Path(settings.BASE_DIR) / "docs" / "procedures"


class Command(BaseCommand):
    help = "Write docs/procedures/ from the procedures; --check only says whether it is stale."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for procedure in procedures():
            page, written = FOLDER / f"{procedure.code}.md", markdown(procedure)
            if page.exists() and page.read_text(encoding="utf-8") == written:
                continue
            if options["check"]:
                raise CommandError(f"{page.name} is stale: run manage.py procedure_pages")
            page.write_text(written, encoding="utf-8")
            self.stdout.write(f"{page.name} written")
