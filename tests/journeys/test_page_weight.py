"""First loads stay small: a phone in a village pays for every kilobyte (DESIGN 7)."""

import pytest

from tests.journeys.visitor import Visits

MOST_BYTES = 200_000  # compressed, with headers, fonts and all


@pytest.mark.parametrize("language", ["th", "lo", "en"])
@pytest.mark.parametrize(("who", "path"), [("", "/accounts/login/"), ("officer", "/work/")])
def test_a_first_load_is_light(visits: Visits, who: str, path: str, language: str) -> None:
    visitor = visits.of(who, language=language)
    received: dict[str, float] = {}
    network = visitor.context.new_cdp_session(visitor.page)
    network.on(
        "Network.loadingFinished",
        lambda event: received.update({event["requestId"]: event["encodedDataLength"]}),
    )
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})

    visitor.go(path)
    visitor.page.evaluate("document.fonts.ready.then(() => null)")
    visitor.page.wait_for_load_state("networkidle")

    assert len(received) >= 5  # page, two styles, script, fonts
    total = sum(received.values())
    assert 40_000 < total < MOST_BYTES, received
