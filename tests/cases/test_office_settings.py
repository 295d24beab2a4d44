"""What offices chose: the nearest one counts, from when it chose, and all of it is kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import clock, contents, holidays, ladders, office_settings, sweep
from cases.models import Area, Case, Change, OfficeSetting, ProcedureContent, User
from cases.models.area import prefixes
from cases.roles import Role
from notifications.models import Message
from tests.cases.running import at, person, places, work_under_deadline

pytestmark = pytest.mark.django_db

NEIGHBOUR = "TH4209"
STUDY = office_settings.due_key("SGF", "study")
CODES = ["TH", "TH42", "TH4203", "TH420301", NEIGHBOUR]
BEGUN, ONE_LATE = at("2026-11-23"), at("2026-12-03", "08:30")


@pytest.fixture(autouse=True)
def _data(db: None) -> None:
    holidays.seed("TH", [2026, 2027])
    ladders.seed()
    places()
    Area.objects.create(code=NEIGHBOUR, level=2, parent_id="TH42", name_th="วังสะพุง")


@pytest.fixture
def admin() -> User:
    return person("admin", Role.ADMIN, "TH")


def choose(key: str, code: str, value: Any, by: User, on: str = "2026-11-20") -> Any:
    """`value` counts at `code` from 9 o'clock of that day on."""
    with clock.travel(at(on)):
        return office_settings.choose(key, Area.objects.get(pk=code), value, by=by, reason="เหตุ")


def test_the_nearest_area_counts_and_null_gives_the_choice_back(admin: User) -> None:
    assert office_settings.get(STUDY, "TH420301") is None
    choose(STUDY, "TH42", 10, admin)
    choose(STUDY, "TH4203", 5, admin)
    found = {code: office_settings.get(STUDY, code) for code in CODES}
    assert found == {"TH": None, "TH42": 10, "TH4203": 5, "TH420301": 5, NEIGHBOUR: 10}
    choose(STUDY, "TH4203", None, admin)
    assert office_settings.get(STUDY, "TH420301") == 10


@given(
    rows=st.lists(
        st.tuples(st.sampled_from(CODES), st.integers(0, 9), st.none() | st.integers(1, 99)),
        max_size=12,
    ),
    place=st.sampled_from(CODES),
    hour=st.integers(0, 9),
)
def test_what_is_in_force_agrees_with_the_words_of_the_rule(
    rows: list[tuple[str, int, int | None]], place: str, hour: int
) -> None:
    OfficeSetting.objects.all().delete()  # of the example before; the product never deletes
    office_settings.forget()
    rows.sort(key=lambda row: row[1])  # as time goes by
    for code, when, value in rows:
        OfficeSetting.objects.create(
            area_id=code, key=STUDY, value=value, set_at=BEGUN + timedelta(hours=when)
        )
    expected = None
    for code in prefixes(place):
        own = [value for area, when, value in rows if area == code and when <= hour]
        if own and own[-1] is not None:
            expected = own[-1]
            break
    assert office_settings.get(STUDY, place, BEGUN + timedelta(hours=hour)) == expected


def test_every_choice_stays_with_who_when_and_why_and_the_same_again_is_none(admin: User) -> None:
    for value in (10, 10, 12, None, None):
        choose(STUDY, "TH4203", value, admin)
    kept = office_settings.history(STUDY, "TH4203")
    assert [(row.value, row.set_by, row.reason) for row in kept] == [
        (None, admin, "เหตุ"),
        (12, admin, "เหตุ"),
        (10, admin, "เหตุ"),
    ]
    changes = Change.objects.filter(kind="SETTING_CHANGED").order_by("pk")
    told = [(c.before["value"], c.after["value"], c.area_id, c.about) for c in changes]
    about = "setting:due.SGF.study"
    assert told == [
        (None, 10, "TH4203", about),
        (10, 12, "TH4203", about),
        (12, None, "TH4203", about),
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("nothing", 1),
        ("due.SGF.study", 0),
        ("due.SGF.study", "7"),
        ("letterhead", {"office_name": "x"}),
        ("told.DISTRICT_CHIEF", {"people": [1]}),
    ],
)
def test_a_key_or_value_that_is_none_is_refused(admin: User, key: str, value: Any) -> None:
    with pytest.raises(ValueError, match="no setting"):
        choose(key, "TH42", value, admin)
    assert not OfficeSetting.objects.exists()


def test_a_deadline_takes_the_offices_number_and_says_whose_it_is(admin: User) -> None:
    running = work_under_deadline(BEGUN)
    choose(STUDY, "TH4203", 3, admin, on="2026-11-24")
    before, after = work_under_deadline(BEGUN), work_under_deadline(at("2026-11-24", "10:00"))
    running.refresh_from_db()
    # One that begins before the office chose keeps the procedure's seven working days.
    assert running.due_on == before.due_on == date(2026, 12, 2)
    assert (after.due_on, after.rule) == (date(2026, 11, 27), {"working_days": 3})
    (entry,) = [entry for entry in after.ledger if entry["what"] == "setting"]
    assert (entry["area"], entry["on"], entry["days"], entry["declared"]) == (
        "TH4203",
        "2026-11-24",
        3,
        7,
    )
    assert entry["name"]["th"] == "เชียงคาน"
    assert not [entry for entry in before.ledger if entry["what"] == "setting"]


def test_a_setting_of_a_district_does_not_touch_the_next_one(admin: User) -> None:
    choose(STUDY, NEIGHBOUR, 3, admin)
    assert work_under_deadline(BEGUN).due_on == date(2026, 12, 2)


def test_a_start_costs_one_statement_with_a_setting_as_well(
    admin: User, django_assert_num_queries: Any
) -> None:
    choose(STUDY, "TH4203", 3, admin)
    known = work_under_deadline(BEGUN)
    with django_assert_num_queries(0):
        assert office_settings.get(STUDY, known.case.area_id) == 3


def test_a_case_keeps_the_number_it_began_with(admin: User) -> None:
    body = {"numbers": {"interested": 20, "interest_limit": 15}, "fixed": ["interest_limit"]}
    kept = ProcedureContent.objects.create(procedure="SGF", version=9, digest="-", body=body)
    case = work_under_deadline(BEGUN).case
    Case.objects.filter(pk=case.pk).update(content=kept, opened_at=at("2026-11-25"))
    case.refresh_from_db()
    choose(office_settings.number_key("SGF", "interested"), "TH4203", 30, admin, on="2026-11-26")
    assert contents.number(case, "interested") == 20
    case.opened_at = at("2026-11-27")
    assert contents.number(case, "interested") == 30


@pytest.mark.parametrize(("chosen", "counts"), [(12, 12), (18, 15)])
def test_a_number_fixed_by_law_is_only_lowered(admin: User, chosen: int, counts: int) -> None:
    body = {"numbers": {"interest_limit": 15}, "fixed": ["interest_limit"]}
    kept = ProcedureContent.objects.create(procedure="SGF", version=9, digest="-", body=body)
    case = work_under_deadline(BEGUN).case
    case.content, case.opened_at = kept, BEGUN
    choose(office_settings.number_key("SGF", "interest_limit"), "TH42", chosen, admin)
    assert contents.number(case, "interest_limit") == counts


class TestWhoIsTold:
    """A district names people who hear for its CD chief."""

    @pytest.fixture(autouse=True)
    def _people(self, admin: User) -> None:
        self.admin = admin
        self.officer = person("officer", Role.FIELD_OFFICER)
        self.chief = person("cd_chief", Role.DISTRICT_CHIEF_CD, "TH4203")
        self.secretary = person("secretary")
        person("chief", Role.DISTRICT_CHIEF, "TH4203")

    def name(self, *people: User, instead: bool) -> None:
        value = {"people": [user.pk for user in people], "instead": instead}
        choose(office_settings.told_key(Role.DISTRICT_CHIEF_CD), "TH4203", value, self.admin)

    def told(self) -> set[str]:
        """Who hears on the first working day after the due day, beside the doer."""
        sweep.until_done(at=ONE_LATE)
        escalated = Message.objects.filter(template="escalated", queued_at=ONE_LATE)
        return set(escalated.values_list("to__username", flat=True))

    def test_beside_the_holders(self) -> None:
        self.name(self.secretary, instead=False)
        work_under_deadline(BEGUN, self.officer)
        assert self.told() == {"cd_chief", "secretary"}

    def test_instead_of_the_holders(self) -> None:
        self.name(self.secretary, instead=True)
        work_under_deadline(BEGUN, self.officer)
        assert self.told() == {"secretary"}

    def test_an_inactive_one_is_passed_over_upwards(self) -> None:
        self.name(self.secretary, instead=True)
        User.objects.filter(pk=self.secretary.pk).update(is_active=False)
        work_under_deadline(BEGUN, self.officer)
        assert self.told() == {"chief"}

    def test_who_holds_the_post_and_is_named_hears_once(self) -> None:
        self.name(self.chief, self.secretary, instead=False)
        work_under_deadline(BEGUN, self.officer)
        self.told()
        assert Message.objects.filter(to=self.chief).count() == 1

    def test_a_batch_costs_one_statement_more(self, django_assert_max_num_queries: Any) -> None:
        self.name(self.secretary, instead=False)
        for _ in range(12):
            work_under_deadline(BEGUN, self.officer)
        with django_assert_max_num_queries(11):  # see test_sweep.py: 10 without
            assert sweep.until_done(at=ONE_LATE) == 12
        assert Message.objects.filter(to=self.secretary).count() == 12
