"""A real HTTP server on this machine that keeps what it is sent and answers as it is told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.test import override_settings


@dataclass(frozen=True)
class Sent:
    """One request as it came in; names of headers in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class WebServer:
    """`requests` in the order of arrival; `answers` are given first, then always 200."""

    url: str = ""
    requests: list[Sent] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    location: str = ""  # where a redirect leads
    knows: set[str] = field(default_factory=set)  # retry keys that were accepted

    def answer(self, sent: Sent) -> int:
        """As LINE does with retry keys: a message that was accepted under the same is refused."""
        if self.answers:
            return self.answers.pop(0)
        key = sent.headers.get("x-line-retry-key", "")
        if key in self.knows:
            return 409
        self.knows |= {key} - {""}
        return 200


@contextmanager
def open_web_server() -> Iterator[WebServer]:
    """Run the server on a free port."""
    web = WebServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            named = {name.lower(): value for name, value in self.headers.items()}
            sent = Sent(self.path, named, self.rfile.read(length))
            web.requests.append(sent)
            self.send_response(web.answer(sent))
            if web.location:
                self.send_header("Location", web.location)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"message": "as told", "sentMessages": [{"id": "1"}]}')

        def log_message(self, *_: Any) -> None:
            """Nothing: what came in is in `requests`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def open_line() -> Iterator[WebServer]:
    """LINE's Messaging API, with our settings pointing at it."""
    with (
        open_web_server() as web,
        override_settings(
            LINE_API_URL=web.url, LINE_CHANNEL_TOKEN="token", LINE_CHANNEL_SECRET="secret"
        ),
    ):
        yield web
