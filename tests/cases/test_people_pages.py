"""The pages on which an administrator keeps people (handbook 4.1)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from cases import clock, staffing
from cases.models import Post, User
from cases.roles import Role
from notifications.models import Message
from tests.cast import LONG_AGO, Cast, assemble, open_founding
from tests.contract.answers import is_well_made
from tests.contract.test_bad_input import URLENCODED, body, nasty, told
from tests.contract.world import undone

pytestmark = pytest.mark.django_db
PLACE = {"province": "TH42", "district": "TH4203", "subdistrict": "TH420301"}
NEW = {
    **{"name": "สมหญิง ใจดี", "email": "somying@example.org", "language": "th"},
    **{"role": "FIELD_OFFICER", "starts_on": "23/11/2569", "invite": "on", "submit": "1"},
    **PLACE,
}


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def admin(cast: Cast) -> Iterator[Client]:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(cast.admin)
    with translation.override("en"):
        yield client


@pytest.fixture
def district(cast: Cast) -> Client:
    """An administrator of the district of Chiang Khan, signed in."""
    user = User.objects.create(username="keeper", name="ผู้ดูแลอำเภอ")
    Post.objects.create(user=user, role=Role.ADMIN, area_id="TH4203", starts_on=LONG_AGO)
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def listed(client: Client, query: str = "") -> set[str]:
    page = client.get(f"/office/people/?{query}")
    assert page.status_code == 200
    return {person.username for person in page.context["people"]}


# ---- the list -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=นาม academic", {"academic"}),
        ("q=OUTSIDER", {"outsider"}),
        ("q=governor@example", {"governor"}),
        ("role=DISTRICT_CHIEF_CD", {"chief", "second_chief", "outside_chief"}),
        ("role=DISTRICT_CHIEF_CD&area=TH4209", {"outside_chief"}),
        ("area=TH420901", {"outsider"}),
        ("q=zzz", set()),
        ("show=closed", {"province"}),
        ("show=waiting", {"somying"}),
        ("show=without", {"somying"}),
    ],
)
def test_people_are_found(cast: Cast, admin: Client, query: str, names: set[str]) -> None:
    staffing.add_person(by=cast.admin, name="สมหญิง", email="somying@example.org")
    staffing.close_account(cast.province, by=cast.admin)
    assert listed(admin, query) == names


def test_the_list_is_the_administrators_own(cast: Cast, district: Client) -> None:
    names = {"officer", "colleague", "chief", "second_chief", "district_chief", "keeper"}
    assert listed(district) == names
    assert district.get(f"/office/people/{cast.academic.pk}/").status_code == 404


def test_the_list_says_what_is_out_of_the_ordinary(cast: Cast, admin: Client) -> None:
    new = staffing.add_person(by=cast.admin, name="สมหญิง", email="somying@example.org")
    staffing.close_account(cast.province, by=cast.admin)

    def page(who: str) -> str:
        return admin.get(f"/office/people/?q={who}").content.decode()

    assert "not invited yet" in page("somying")
    assert "No post" in page("somying")
    staffing.invite(new, by=cast.admin)
    assert re.search(r"</svg>\s*invited \d", page("somying"))
    assert "Account closed" in page("province")
    assert "tag" not in page("officer@").split('id="results"')[1]


def test_an_invitation_that_does_not_arrive_is_shown(cast: Cast, admin: Client) -> None:
    new = staffing.add_person(by=cast.admin, name="สมหญิง", email="somying@example.org")
    staffing.invite(new, by=cast.admin)
    Message.objects.filter(to=new).update(error="SMTPRecipientsRefused: no such mailbox")
    assert "invitation not delivered" in admin.get("/office/people/?q=somying").content.decode()
    page = admin.get(f"/office/people/{new.pk}/").content.decode()
    assert "Check the e-mail address" in page
    assert "SMTP" not in page


def test_the_list_costs_the_same_however_long(
    cast: Cast, admin: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (0, 60):
        for number in range(count):
            user = User.objects.create(username=f"p{number}", name=f"คน {number}")
            Post.objects.create(
                user=user, role=Role.FIELD_OFFICER, area_id="TH420301", starts_on=LONG_AGO
            )
        with django_assert_num_queries(8):
            page = admin.get("/office/people/")
    assert len(page.context["people"]) == 25


# ---- a new colleague ------------------------------------------------------------------------


def test_a_colleague_is_added_with_post_and_invitation_in_one_go(cast: Cast, admin: Client) -> None:
    answer = admin.post("/office/people/new/", NEW)
    user = User.objects.get(email="somying@example.org")
    assert answer.url == f"/office/people/{user.pk}/"
    post = user.posts.get()
    assert (post.role, post.area_id) == ("FIELD_OFFICER", "TH420301")
    assert Message.objects.get(to=user).template == "invited"
    page = admin.get(answer.url)
    is_well_made(page, "en")
    told = [row["text"].split(" · ")[0] for row in page.context["timeline"]]
    assert told == ["Person invited", "Post given", "Person added"]


def test_a_second_click_leads_to_the_same_person(cast: Cast, admin: Client) -> None:
    urls = {admin.post("/office/people/new/", NEW).url for _ in range(2)}
    assert len(urls) == 1
    assert Message.objects.filter(template="invited").count() == 1
    other = NEW | {"name": "คนอื่น"}
    page = admin.post("/office/people/new/", other)
    assert page.status_code == 422
    assert "Somebody else has an account" in page.content.decode()


def test_choosing_a_place_loses_nothing_and_offers_its_roles(cast: Cast, admin: Client) -> None:
    page = admin.get("/office/people/new/")
    assert roles(page) == {"DEPARTMENT", "ADMIN"}
    typed = {"name": "สมหญิง", "email": "odd", "province": "TH42", "place": "1"}
    page = admin.post("/office/people/new/", typed)
    assert page.status_code == 200
    assert 'value="สมหญิง"' in page.content.decode()
    assert 'value="odd"' in page.content.decode()
    assert "error" not in page.content.decode().split("<main")[1]
    assert {"GOVERNOR", "PROV_CHIEF_CD", "ADMIN"} <= roles(page)
    page = admin.post("/office/people/new/", typed | PLACE)
    assert roles(page) >= {"FIELD_OFFICER", "VOLUNTEER"}
    assert "GOVERNOR" not in roles(page)
    assert not User.objects.filter(name="สมหญิง").exists()


def roles(page: Any) -> set[str]:
    return {value for value, _label in page.context["form"].fields["role"].choices if value}


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "This field is required."),
        ("name", "ก" * 151, "at most 150 characters"),
        ("name", "สมหญิง 🐘", "without emoji"),
        ("email", "", "This field is required."),
        ("email", "somying@", "valid email"),
        ("email", "a@b.org\r\nBcc: c@d.org", "valid email"),
        ("email", "officer@example.org", "Somebody else has an account"),
        ("username", "สมหญิง", "at least two of the letters"),
        ("username", "Officer", "Somebody else signs in"),
        ("phone", "๑๒๓", "not a phone number"),
        ("language", "de", "valid choice"),
        ("role", "", "This field is required."),
        ("role", "GOVERNOR", "valid choice"),
        ("starts_on", "", "This field is required."),
        ("starts_on", "31/02/2569", "has 28 days"),
        ("ends_on", "1/1/2569", "A post ends after it begins."),
        ("acting_for", "999999", "valid choice"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    cast: Cast, admin: Client, field: str, typed: str, words: str
) -> None:
    before = User.objects.count()
    page = admin.post("/office/people/new/", NEW | {field: typed})
    assert page.status_code == 422
    is_well_made(page, "en")
    assert any(words in error for error in page.context["form"].errors[field])
    assert User.objects.count() == before


@pytest.mark.parametrize(
    "place",
    [{"district": "TH4209"}, {"province": "TH42", "district": "TH4209"}, {"country": "LA"}],
)
def test_no_place_outside_of_the_area_can_be_sent(
    cast: Cast, district: Client, place: dict[str, str]
) -> None:
    sent = {key: value for key, value in NEW.items() if key not in PLACE}
    sent |= {"role": "ADMIN"} | place
    assert district.post("/office/people/new/", sent).status_code == 302
    user = User.objects.get(email="somying@example.org")
    assert user.posts.get().area_id == "TH4203", "what is not below the area counts as not chosen"


def test_thai_digits_and_dates_of_either_era_are_understood(cast: Cast, admin: Client) -> None:
    sent = {"phone": "๐๘๑ ๒๓๔ ๕๖๗๘", "starts_on": "๑ ต.ค. ๒๕๖๙", "ends_on": "30/09/2027"}
    assert admin.post("/office/people/new/", NEW | sent).status_code == 302
    user = User.objects.get(email="somying@example.org")
    post = user.posts.get()
    assert user.phone == "0812345678"
    assert (str(post.starts_on), str(post.ends_on)) == ("2026-10-01", "2027-09-30")


def test_a_second_chief_is_said_before_and_after(cast: Cast, admin: Client) -> None:
    place = {"province": "TH42", "district": "TH4203", "subdistrict": ""}
    page = admin.post("/office/people/new/", NEW | place | {"place": "1"})
    assert cast.chief.name in page.content.decode()
    answer = admin.post("/office/people/new/", NEW | place | {"role": "DISTRICT_CHIEF_CD"})
    told = [str(m) for m in admin.get(answer.url).context["messages"]]
    assert f"District CD chief is already held by {cast.chief.name}." in told


def test_no_entry_breaks_a_page(cast: Cast, admin: Client) -> None:
    """Whatever is searched for or typed: a page in words, and nobody half added."""
    fields = st.sampled_from(
        [*NEW, "place", "country", "village", "username", "acting_for", "mark"]
    )
    searched = st.sampled_from(["q", "show", "role", "area", "page"])

    @settings(max_examples=60)
    @given(st.dictionaries(fields, nasty), st.dictionaries(searched, nasty))
    def send(typed: dict[str, str], asked: dict[str, str]) -> None:
        with undone():
            query = urlencode(asked, errors="surrogatepass")
            told(admin.get(f"/office/people/?{query}"), "en", 200)
            data = body(NEW | typed)
            told(admin.post("/office/people/new/", data, URLENCODED), "en", 200, 302, 422)
            told(admin.post(f"/office/people/{cast.officer.pk}/", data, URLENCODED), "en", 302, 422)
            assert User.objects.filter(posts=None).count() == 1, "nobody"

    send()


# ---- somebody's page ------------------------------------------------------------------------


def test_details_are_changed_and_the_change_is_told(cast: Cast, admin: Client) -> None:
    url = f"/office/people/{cast.officer.pk}/"
    sent = {"name": "ชื่อใหม่", "email": "new@example.org", "phone": "", "language": "th"}
    assert admin.post(url, sent).url == url
    page = admin.get(url)
    assert "ชื่อใหม่" in page.context["timeline"][0]["detail"]
    taken = admin.post(url, sent | {"email": "CHIEF@example.org"})
    assert taken.status_code == 422
    assert "Somebody else has an account" in taken.content.decode()


def test_an_account_above_is_shown_but_not_changed(cast: Cast, district: Client) -> None:
    Post.objects.create(
        user=cast.academic, role=Role.FIELD_OFFICER, area_id="TH420301", starts_on=LONG_AGO
    )
    url = f"/office/people/{cast.academic.pk}/"
    page = district.get(url)
    assert not page.context["may_keep"]
    sent = {"name": "ชื่อใหม่", "email": "mine@example.org", "language": "th"}
    assert district.post(url, sent).status_code == 422
    for act in ("close", "invite", "open"):
        district.post(f"{url}{act}/")
    above = cast.academic.posts.get(area="TH42")
    assert district.post(f"{url}posts/{above.pk}/end/", {"ends_on": "1/1/2570"}).status_code == 404
    cast.academic.refresh_from_db()
    assert (cast.academic.email, cast.academic.is_active) == ("academic@example.org", True)


def test_closing_shows_the_open_work_first(cast: Cast, admin: Client) -> None:
    cases = [open_founding(cast) for _ in range(12)]
    url = f"/office/people/{cast.officer.pk}/close/"
    page = admin.get(url)
    text = page.content.decode()
    assert "12 pieces of work are still open" in text
    assert len(page.context["open_items"]) == 10
    assert cases[0].number in text
    assert User.objects.get(pk=cast.officer.pk).is_active, "looking closes nothing"
    for _ in range(2):
        assert admin.post(url).status_code == 302
    assert "Account closed" in admin.get(f"/office/people/{cast.officer.pk}/").content.decode()


def test_the_last_administrator_is_told_why_not(cast: Cast, admin: Client) -> None:
    own = cast.admin.posts.get()
    day = clock.today() + timedelta(days=30)
    page = admin.post(
        f"/office/people/{cast.admin.pk}/posts/{own.pk}/end/", {"ends_on": day.isoformat()}
    )
    assert "is the last administrator of Thailand" in page.content.decode()
    page = admin.post(f"/office/people/{cast.admin.pk}/close/")
    assert "Nobody closes their own account" in page.content.decode()


def test_a_post_is_given_and_ended_on_its_pages(cast: Cast, admin: Client) -> None:
    url = f"/office/people/{cast.officer.pk}/"
    sent = PLACE | {"subdistrict": "", "role": "COACH", "starts_on": "23/11/2569"}
    assert admin.post(f"{url}posts/new/", sent).url == url
    post = cast.officer.posts.get(role="COACH")
    overlap = admin.post(f"{url}posts/new/", sent | {"starts_on": "24/11/2569"})
    assert "hold this post already" in overlap.content.decode()
    early = admin.post(f"{url}posts/{post.pk}/end/", {"ends_on": "1/1/2569"})
    assert early.status_code == 422
    assert admin.get(f"{url}posts/999999/end/").status_code == 404


def test_inviting_twice_in_a_moment_is_told(cast: Cast, admin: Client) -> None:
    admin.post("/office/people/new/", NEW)
    user = User.objects.get(email="somying@example.org")
    page = admin.post(f"/office/people/{user.pk}/invite/", follow=True)
    assert "a moment ago" in str(list(page.context["messages"])[-1])
    assert Message.objects.filter(template="invited").count() == 1
