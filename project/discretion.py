"""What must not stand in a log: the secrets that are part of addresses."""

import logging
import re

_SECRET = re.compile(r"/(act|calendar)/[\w-]{20,}")


def without_secrets(text: str) -> str:
    """`text` with the secrets in addresses like /act/<secret>/ struck out."""
    return _SECRET.sub(r"/\1/***", text)


class WithoutSecrets(logging.Filter):
    """Strikes secrets out of what is logged, whoever logs it (a 404 is logged by Django)."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), ()
        return True
