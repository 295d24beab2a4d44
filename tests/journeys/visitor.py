"""A person with a browser: what they do on the pages, in the words of the pages.

Nothing is found by visible text, which is translated, but by names, ids and roles.
"""

import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response

from project.demo.accounts import PASSWORD

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

# Chromium reports every answer of 400 and above as an error of the console. These are pages of
# ours that say what is wrong, and are asserted where they are expected.
_TOLD = re.compile(
    r"Failed to load resource: the server responded with a status of (403|4[0-2][0-9])"
)


@dataclass(frozen=True)
class Demonstration:
    """What demo.json says, and the run folder it stands in."""

    url: str
    accounts: list[dict[str, str]]
    folder: Path

    def account(self, **wanted: str) -> dict[str, str]:
        """The first account with these values, as a reader of the printed table finds it."""
        return next(a for a in self.accounts if wanted.items() <= a.items())


def as_file(name: str, content: bytes) -> dict[str, Any]:
    """A file to choose in an upload; its type is the browser's guess by the name."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"name": name, "mimeType": kind, "buffer": content}


class Visitor:
    """One person in one browser window."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.page: Page = context.new_page()

    @property
    def path(self) -> str:
        """Where the window is, without host and parameters."""
        return self.page.url.removeprefix(self.url).partition("?")[0].partition("#")[0]

    @property
    def heading(self) -> str:
        """The page's one heading."""
        return self.page.locator("h1").inner_text().strip()

    @property
    def main(self) -> Locator:
        """The page without its frame."""
        return self.page.locator("main")

    def go(self, path: str) -> Response:
        """Type an address; the answer, which has a status."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        return answer

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Fill in the form of the sign-in page, which is open, and send it."""
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", password)
        self.follow(self.main.locator("form button"))

    def follow(self, control: Locator) -> Response | None:
        """Click what leads to another page, and wait for it; the answer."""
        with self.page.expect_navigation() as navigation:
            control.click()
        return navigation.value

    @property
    def name(self) -> str:
        """The name under which the visitor is signed in."""
        return (self.page.locator(".menu .who").text_content() or "").strip()

    def open_step(self, number: str) -> None:
        """From the page of a case to the step that is to be done."""
        self.go(f"/cases/{number}/")
        self.follow(self.page.locator(".calling a.btn-primary"))

    def open_work(self, number: str, tab: str = "mine") -> None:
        """From the work list to the step of the case with this number."""
        self.go(f"/work/?tab={tab}")
        self.follow(self.row(number).locator("a.row-link"))

    def row(self, number: str) -> Locator:
        """The line of a list that names the case."""
        return self.page.locator("ul.rows > li").filter(has_text=number)

    def fill(self, entries: Mapping[str, str]) -> None:
        """Type into the inputs and choose from the options, each by its name."""
        for name, value in entries.items():
            control = self.page.locator(f"form[method=post] [name='{name}']")
            kind = control.first.evaluate("control => control.type")
            if kind == "radio":
                self.page.check(f"[name='{name}'][value='{value}']")
            elif kind == "select-one":
                control.select_option(value)
            else:
                control.fill(value)

    def tick_all(self) -> None:
        """Tick every item of the checklist."""
        for box in self.page.locator("input[name^='tick-']").all():
            box.check()

    def attach(self, code: str, file: Path | dict[str, Any]) -> None:
        """Choose a file as evidence of a checklist item; it is sent at once."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.page.set_input_files(f"#id_file-{code}", file)

    def evidence(self, code: str) -> Locator:
        """What is kept as evidence of a checklist item."""
        return self.page.locator(f"#evidence-{code} .files li")

    def press(self, name: str) -> int:
        """Send the step's form by its button `submit` or `save`; the status of the answer."""
        answer = self.follow(self.page.locator(f".actbar button[name='{name}']"))
        assert answer is not None
        return answer.status

    def value(self, name: str) -> str:
        """What stands in an input."""
        return self.page.locator(f"[name='{name}']").input_value()

    def recorded(self) -> list[str]:
        """What the open case's page says was recorded, entry by entry."""
        return self.page.locator("section[aria-labelledby=facts] dd").all_inner_texts()

    def errors(self) -> list[str]:
        """The lines of the error summary; none if there is no summary."""
        return self.page.locator("[data-error-summary] li").all_inner_texts()

    def blockers(self) -> list[str]:
        """The lines of "Why can't I go on?"."""
        return self.page.locator("#blockers li").all_inner_texts()


@dataclass
class Visits:
    """Everybody who visits in one test, and what went wrong in their browsers."""

    browser: Browser
    demonstration: Demonstration
    signed_in: dict[str, Any]
    faults: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def of(
        self, username: str = "", *, size: Any = PHONE, language: str = "", **options: Any
    ) -> Visitor:
        """A window of somebody's; with a user name signed in already, else a stranger's.

        Without `language` the pages speak the account's. `options` are those of a browser
        context (`java_script_enabled`, …).
        """
        if username and username not in self.signed_in:
            self.signed_in[username] = self._sign_in(username)
        options = {"locale": "th-TH", "timezone_id": "Asia/Bangkok", **options}
        state = self.signed_in[username] if username else None
        context = self.browser.new_context(viewport=size, storage_state=state, **options)
        context.set_default_timeout(15_000)
        if language:
            cookie = {"name": "django_language", "value": language}
            context.add_cookies([{**cookie, "url": self.demonstration.url}])
        self._watch(context)
        self._contexts.append(context)
        return Visitor(context, self.demonstration.url)

    def close(self) -> None:
        """All windows; what went wrong stays in `faults`."""
        for context in self._contexts:
            context.close()

    def _sign_in(self, username: str) -> Any:
        stranger = self.of()
        stranger.go("/accounts/login/")
        stranger.sign_in(username)
        assert stranger.path == "/work/"
        return stranger.context.storage_state()

    def _watch(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("response", self._answer)

    def _console(self, message: ConsoleMessage) -> None:
        told = _TOLD.match(message.text) and "/static/" not in message.location["url"]
        if message.type in {"error", "warning"} and not told:
            self.faults.append(f"{message.text} ({message.location['url']})")

    def _answer(self, answer: Response) -> None:
        if answer.status >= 500:
            self.faults.append(f"{answer.status} {answer.request.method} {answer.url}")
