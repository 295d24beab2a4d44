import hashlib
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Brings database, styles and data of the demonstration up to date; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        # one process for all three: each would take longer to start than to find nothing to do
        call_command("migrate", interactive=False, stdout=self.stdout)
        self._collect_static()
        call_command("load_demo", stdout=self.stdout)

    def _collect_static(self) -> None:
        """Collect and compress, which takes seconds, only when a file has changed."""
        stamp = settings.STATIC_ROOT / ".fingerprint"
        fingerprint = _static_fingerprint()
        if not stamp.exists() or stamp.read_text() != fingerprint:
            call_command("collectstatic", interactive=False, stdout=self.stdout)
            stamp.write_text(fingerprint)


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            changed = storage.get_modified_time(path).isoformat()
            digest.update(f"{path} {storage.size(path)} {changed}\n".encode())
    return digest.hexdigest()
