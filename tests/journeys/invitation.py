"""The way in by a letter: an invited person finds it in the mailbox and sets a password."""

import re
import time

from tests.journeys.visitor import Visitor

PASSWORD = "สามคำ ไม่เกี่ยวกัน 7"


def letter_link(visitor: Visitor, email: str) -> str:
    """The link in the newest letter to the invited person, once it has been delivered."""
    letters, deadline = visitor.main.locator("a.row-link"), time.monotonic() + 60
    visitor.go(f"/demo/mail/?to={email}")
    while not letters.count():
        assert time.monotonic() < deadline, "no letter came"
        visitor.page.wait_for_timeout(500)
        visitor.page.reload()
    visitor.follow(letters.first)
    found = re.search(r"/accounts/set-password/\?link=[\w.-]+", visitor.main.inner_text())
    assert found is not None
    return found[0]


def set_password(visitor: Visitor, password: str) -> None:
    """Fill in the open form of the password, twice the same, and send it."""
    for name in ("new_password1", "new_password2"):
        visitor.page.fill(f"#id_{name}", password)
    visitor.follow(visitor.main.locator("form button"))
