"""The mail server of a torture: counts how often each Message-ID came over the wire."""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesHeaderParser
from typing import Any

from aiosmtpd.controller import Controller


class Letters:
    """An aiosmtpd handler: takes every letter; `came` counts them by Message-ID."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.came: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        header = BytesHeaderParser().parsebytes(envelope.content)
        self.came[header["Message-ID"]] += 1
        return "250 OK"


@contextmanager
def open_letter_box() -> Iterator[Letters]:
    """Take letters on a free port of this machine until the block ends."""
    with socket.socket() as probe:  # aiosmtpd cannot be asked to choose a port itself
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    letters = Letters(port)
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield letters
    finally:
        controller.stop()
