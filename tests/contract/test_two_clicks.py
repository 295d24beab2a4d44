"""Two clicks at the very same moment, on real connections: one case, one answer."""

from typing import Any

import pytest
from django.test import Client

from cases.models import Case
from tests.cast import assemble
from tests.procedures.test_together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("attempt", range(3))
def test_two_clicks_open_one_case(attempt: int) -> None:
    cast = assemble()
    url = f"/cases/new/?village={cast.village.code}"

    def click() -> Any:
        client = Client()
        client.force_login(cast.officer)
        return client.post(url, {"trigger": "NO_CAPITAL", "submit": "1"})

    answers = at_once(click, click)
    case = Case.objects.get()
    assert [answer.url for answer in answers] == [f"/cases/{case.number}/"] * 2
