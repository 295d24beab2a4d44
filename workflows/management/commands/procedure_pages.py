from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows import contents, procedure_pages


class Command(BaseCommand):
    """Writes docs/procedures, or says which pages no longer tell what the flows do."""

    help = "Write the pages that describe the procedures; --check only compares them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs" / "procedures"
        pages = {
            folder / f"{flow.code}.md": procedure_pages.page(flow) for flow in contents.procedures()
        }
        if options["check"]:
            here = {path: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
            stale = {path.name for path, _text in here.items() ^ pages.items()}
            if stale:
                raise CommandError(
                    f"Stale: {', '.join(sorted(stale))}. Run manage.py procedure_pages."
                )
            return
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in pages.items():
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"wrote {path.relative_to(settings.BASE_DIR)}")
