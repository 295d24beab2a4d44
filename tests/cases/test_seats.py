"""Who sits where today, by name, and on which other funds of the subdistrict (handbook 5.1)."""

from datetime import date, timedelta

import pytest

from cases import clock, seats
from cases.models import Party, Seat
from tests.cast import territory
from workflows.pages import seats as page

SINCE = date(2020, 1, 1)


@pytest.fixture
def fund(db: None) -> Party:
    areas = territory()
    return Party.objects.create(kind="KKJ_FUND", name="กข.คจ.", area=areas["TH42030101"])


def sit(party: Party, name: str, **given: object) -> Seat:
    usual = {"committee": "MANAGEMENT", "position": "CHAIR", "starts_on": SINCE}
    return Seat.objects.create(party=party, name=name, **usual | given)


def other(area: str, kind: str = "MOTHER_FUND", **given: object) -> Party:
    return Party.objects.create(kind=kind, name=f"กองทุน {area}", area_id=area, **given)


def test_a_seat_is_held_from_its_first_day_till_somebody_leaves(fund: Party) -> None:
    today = clock.today()
    sit(fund, "นายก", starts_on=today)
    sit(fund, "นายข", starts_on=today + timedelta(days=1))
    sit(fund, "นายค", left_on=today)
    sit(fund, "นายง", left_on=today - timedelta(days=1))
    sit(fund, "นายจ", ends_on=today - timedelta(days=30))  # the term is over, nobody came
    assert [seat.name for seat in seats.in_area("TH42030101")] == ["นายก", "นายค", "นายจ"]


def test_people_are_found_whatever_their_title_and_spaces(fund: Party) -> None:
    sit(fund, "นาง บัวลี  ตัวอย่าง")
    assert seats.elsewhere(["นางสาวบัวลี ตัวอย่าง"], "TH42030102")
    assert not seats.elsewhere(["นางบัวลา ตัวอย่าง"], "TH42030102")


def test_only_the_subdistrict_counts_and_not_the_group_itself(fund: Party) -> None:
    sit(fund, "นายก")
    assert not seats.elsewhere(["นายก"], "TH42090101")
    assert not seats.elsewhere(["นายก"], "TH42030101", besides=fund.pk)
    assert not seats.elsewhere([], "TH42030101")


def test_the_picture_puts_those_on_several_funds_first(fund: Party) -> None:
    second = other("TH42030101")
    for party, name in ((fund, "นายก"), (fund, "นายข"), (second, "นายค"), (second, "น.ส.ข")):
        sit(party, name)
    shown = page.of_village("TH42030101")
    assert shown is not None
    assert [fund["name"] for fund in shown["funds"]] == [fund.name, second.name]
    assert [person["name"] for person in shown["people"]] == ["นายข", "นายก", "นายค"]
    assert [person["several"] for person in shown["people"]] == [True, False, False]
    assert [bool(cell["seats"]) for cell in shown["people"][0]["cells"]] == [True, True]
    assert (shown["several"], shown["conflicts"]) == (1, 0)


def test_the_picture_marks_audit_and_directing_of_one_fund(fund: Party) -> None:
    second = other("TH42030101", kind="SAVINGS_GROUP")
    for party, name, committee in (
        *((second, "นายก", "AUDIT"), (second, "นายก", "DIRECTING")),
        *((second, "นายข", "AUDIT"), (fund, "นายข", "DIRECTING")),
    ):
        sit(party, name, committee=committee)
    shown = page.of_village("TH42030101")
    assert shown is not None
    assert {p["name"]: p["conflict"] for p in shown["people"]} == {"นายก": True, "นายข": False}
    assert shown["people"][0]["name"] == "นายก"


def test_a_group_is_shown_with_what_its_people_hold_elsewhere(fund: Party) -> None:
    second = other("TH42030102")
    sit(fund, "นายก")
    sit(second, "นายก", position="TREASURER")
    sit(second, "นายข")
    shown = page.of_group(fund)
    assert shown is not None
    assert [person["name"] for person in shown["people"]] == ["นายก"]
    assert len(shown["funds"]) == 2


@pytest.mark.parametrize("status", ["DISSOLVED", "NOT_FOUNDED"])
def test_a_group_that_is_none_has_no_seats(fund: Party, status: str) -> None:
    Party.objects.filter(pk=fund.pk).update(status=status)
    sit(fund, "นายก")
    assert seats.in_area("TH42030101") == []
    assert page.of_village("TH42030101") is None
