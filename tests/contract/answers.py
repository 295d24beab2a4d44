"""What holds for every answer: its headers, and the markup of a page (DESIGN 7, 8)."""

from collections import Counter
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


def is_safe(response: Any) -> None:
    """Every header that keeps a page safe, whatever its status."""
    policy = response["Content-Security-Policy"]
    rules = {rule.split()[0]: set(rule.split()[1:]) for rule in policy.split(";")}
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == {"'none'"}
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == {"'self'"}
    assert "unsafe" not in policy
    assert "*" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    # Where the address itself is a secret, it is told to nobody.
    assert response["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    # A file or a calendar may be kept by who asks each time whether it still may.
    asks = response.streaming or response["Content-Type"].startswith("text/calendar")
    kept = "private, no-cache" if asks else "no-store"
    assert kept in response["Cache-Control"]
    for name, cookie in response.cookies.items():
        assert cookie["httponly"] or not cookie.value, name
        assert cookie["samesite"] == "Lax", name


def is_well_made(response: Any, language: str) -> None:
    """A page in our layout, in the visitor's language, with nothing inline."""
    assert response["Content-Type"] == "text/html; charset=utf-8"
    page = Page(response.content.decode())
    assert page.faults == []
    assert page.lang == language


class Page(HTMLParser):
    """A page as parsed: its language, its headings, and everything that is wrong with it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang = ""
        self.h1 = 0
        self.faults: list[str] = []
        self._open: list[str] = []
        self._ids: Counter[str] = Counter()
        self._post_form_without_token = False
        self.feed(html)
        self.close()
        self.faults += [f"id {name} stands {n} times" for name, n in self._ids.items() if n > 1]
        self.faults += [f"<{tag}> is never closed" for tag in self._open]
        if self.h1 != 1:
            self.faults.append(f"{self.h1} h1")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        self._attributes(tag, named)
        self._ids.update([named["id"]] if "id" in named else [])
        self.h1 += tag == "h1"
        if tag == "html":
            self.lang = named.get("lang", "")
        if tag == "style" or (tag == "script" and "src" not in named):
            self.faults.append(f"inline <{tag}>")
        if tag == "form":
            self._post_form_without_token = named.get("method", "").lower() == "post"
        if named.get("name") == "csrfmiddlewaretoken" and named.get("value"):
            self._post_form_without_token = False

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")
        if tag == "form" and self._post_form_without_token:
            self.faults.append("a form without its token")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script" and data.strip():
            self.faults.append("a script with a body")

    def _attributes(self, tag: str, named: dict[str, str]) -> None:
        for name, value in named.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                self.faults.append(f"{name}= on <{tag}>")
            if value.strip().lower().startswith(("javascript:", "js:")):
                self.faults.append(f"{name}={value[:20]} on <{tag}>")
