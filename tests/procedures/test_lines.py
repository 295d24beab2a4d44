"""The table of a step: typing, drafts, messages at cells, pasting, reading, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from cases import clock
from cases.models import Member, Post, Seat, User
from project.demo import members
from tests.cast import (
    LONG_AGO,
    Cast,
    bring_to,
    do,
    entries,
    fresh,
    item_of,
    open_founding,
    prove,
    typed,
    typed_lines,
)
from tests.contract.answers import is_well_made
from workflows import pasting
from workflows.procedures.savings_group.committees import SEATS
from workflows.procedures.savings_group.members import MEMBERS

TICKS = {"tick-applications": "1", "tick-passbooks": "1"}
SUBMIT = {"submit": "1"}


@pytest.fixture
def case(cast: Cast) -> Any:
    """A founding at the step of enrolment."""
    return bring_to(open_founding(cast), "enrol", cast)


@pytest.fixture
def officer(cast: Cast, client: Client) -> Client:
    client.force_login(cast.officer)
    return client


def url_of(case: Any, step: str) -> str:
    return reverse("step", args=[case.number, item_of(case, step).pk])


def cell(response: Any, line: int, column: str) -> Any:
    """A cell of the table, with its value and its errors."""
    cells = response.context["rows"]["lines"][line]["cells"]
    return next(each["field"] for each in cells if each["column"] == column)


def test_the_whole_table_is_kept_and_numbered(case: Any, officer: Client) -> None:
    sent = typed("enrol") | TICKS | SUBMIT
    assert officer.post(url_of(case, "enrol"), sent).status_code == 302
    kept = Member.objects.values("name", "born_on", "phone", "monthly_pledge", "consent_by")
    wanted = [{n: line[n] for n in kept[0]} for line in entries("enrol")["lines"]]
    assert list(kept) == wanted


def test_empty_lines_are_no_lines(case: Any, officer: Client) -> None:
    """Also one with presets only, and one of blanks and invisible characters."""
    lines = entries("enrol")["lines"]
    lines.insert(4, dict.fromkeys(lines[0], "") | {"kind": "ORDINARY"})
    lines.insert(9, dict.fromkeys(lines[0], " \u200b") | {"kind": "HONORARY"})
    sent = typed("enrol") | typed_lines(lines) | TICKS | SUBMIT
    assert officer.post(url_of(case, "enrol"), sent).status_code == 302
    assert Member.objects.count() == 36


def test_what_is_wrong_is_told_at_its_cell_and_in_the_summary(case: Any, officer: Client) -> None:
    wrong = {"rows-3-phone": "12x", "rows-5-born_on": "31/2/2530", "rows-7-name": "---"}
    sent = typed("enrol") | wrong | SUBMIT  # and nothing is ticked
    response = officer.post(url_of(case, "enrol"), sent)
    assert response.status_code == 422
    is_well_made(response, "th")
    links = [error["url"] for error in response.context["errors"]]
    assert links == ["#id_rows-3-phone", "#id_rows-5-born_on", "#id_rows-7-name"]
    for name, value in wrong.items():
        _rows, line, column = name.split("-")
        assert cell(response, int(line), column).errors
        assert cell(response, int(line), column).value() == value
    assert len(response.context["blockers"]) == 2  # the ticks, at the same time
    assert not Member.objects.exists()


def test_what_lines_break_together_is_told_at_their_cells(case: Any, officer: Client) -> None:
    """Blank lines between do not shift the messages."""
    lines = entries("enrol")["lines"]
    lines[34] |= {"consent_by": ""}
    lines.insert(0, dict.fromkeys(lines[0], ""))
    lines[10] = lines[9] | {"phone": ""}
    sent = typed("enrol") | typed_lines(lines) | TICKS | SUBMIT
    response = officer.post(url_of(case, "enrol"), sent)
    links = {error["url"] for error in response.context["errors"]}
    assert links == {"#id_rows-10-name", "#id_rows-35-consent_by"}
    assert response.context["blockers"] == []


def test_many_wrong_cells_do_not_flood_the_summary(case: Any, officer: Client) -> None:
    sent = typed("enrol") | {f"rows-{n}-phone": "1" for n in range(36)} | SUBMIT
    response = officer.post(url_of(case, "enrol"), sent)
    assert len(response.context["errors"]) == 21
    assert "16" in response.context["errors"][-1]["text"]
    assert all(cell(response, n, "phone").errors for n in range(36))


def test_fields_and_lines_are_told_of_at_once(case: Any, officer: Client) -> None:
    few = typed_lines(entries("enrol")["lines"][:3])
    response = officer.post(url_of(case, "enrol"), few | TICKS | {"enrolled_on": "x"} | SUBMIT)
    assert response.context["form"].errors["enrolled_on"]
    assert [blocker["url"] for blocker in response.context["blockers"]] == ["#rows"]


def test_a_draft_keeps_what_was_typed_also_what_is_wrong(case: Any, officer: Client) -> None:
    sent = {"rows-TOTAL_FORMS": "2", "rows-0-name": "นายก", "rows-0-born_on": "68", "save": "1"}
    assert officer.post(url_of(case, "enrol"), sent).status_code == 302
    page = officer.get(url_of(case, "enrol"))
    assert (cell(page, 0, "name").value(), cell(page, 0, "born_on").value()) == ("นายก", "68")
    assert len(page.context["rows"]["lines"]) == 11  # ten empty ones below
    assert not Member.objects.exists()


def test_an_ambiguous_date_of_birth_is_asked_back_in_its_cell(case: Any, officer: Client) -> None:
    sent = typed("enrol") | TICKS | {"rows-0-born_on": "5/12/24"} | SUBMIT
    response = officer.post(url_of(case, "enrol"), sent)
    assert 'name="rows-0-born_on-meant"' in response.content.decode()
    answer = {"rows-0-born_on-asked": "5/12/24", "rows-0-born_on-meant": "1981-12-05"}
    assert officer.post(url_of(case, "enrol"), sent | answer).status_code == 302
    assert str(Member.objects.get(number=1).born_on) == "1981-12-05"


def test_more_lines_without_a_script_keep_what_was_typed(case: Any, officer: Client) -> None:
    url = url_of(case, "enrol")
    before = len(officer.get(url).context["rows"]["lines"])
    last = {f"rows-{before - 1}-name": ""}
    sent = {"rows-TOTAL_FORMS": str(before), "rows-0-name": "นายก", "more": "1"}
    assert officer.post(url, sent | last).status_code == 302
    page = officer.get(url)
    assert len(page.context["rows"]["lines"]) == before + 10
    assert cell(page, 0, "name").value() == "นายก"


def test_lines_beyond_the_most_are_told_and_not_lost(case: Any, officer: Client) -> None:
    many = members.members("x", 301, clock.today())
    for number, line in enumerate(many):
        line["name"] += f" {number}"
    sent = typed("enrol") | typed_lines(many) | TICKS | SUBMIT
    response = officer.post(url_of(case, "enrol"), sent)
    assert response.status_code == 422
    assert "300" in response.context["blockers"][0]["text"]
    assert len(item_of(case).draft) > 301 * 5


@pytest.mark.parametrize("total", ["0", "-1", "9" * 5000, "x", "1e9", "99999999"])
def test_a_count_of_lines_is_not_believed(case: Any, officer: Client, total: str) -> None:
    sent = typed("enrol") | TICKS | {"rows-TOTAL_FORMS": total} | SUBMIT
    assert officer.post(url_of(case, "enrol"), sent).status_code == 302
    assert Member.objects.count() == 36


def test_names_that_are_no_cells_are_not_kept(case: Any, officer: Client) -> None:
    names = ["rows-0-x", "rows-00-name", "rows-0-name\x00", "rows-1000-name", "rows--1-name"]
    officer.post(url_of(case, "enrol"), dict.fromkeys(names, "x") | {"save": "1"})
    assert item_of(case).draft == {}


def test_saving_160_members_costs_no_more_statements_than_36(cast: Cast, officer: Client) -> None:
    costs = []
    for village, count in ((cast.village, 36), (cast.second_village, 160)):
        case = bring_to(open_founding(cast, area=village), "enrol", cast)
        lines = members.members("x", count, clock.today())
        for number, line in enumerate(lines):
            line["name"] += f" {number}"
        sent = typed("enrol") | typed_lines(lines) | TICKS | SUBMIT
        with CaptureQueriesContext(connection) as queries:
            assert officer.post(url_of(case, "enrol"), sent).status_code == 302
        costs.append(len(queries))
        assert fresh(case).members_enrolled == count
    # Savepoints included; what a process remembers of settings and holidays may be read anew.
    assert max(costs) <= 26, costs


def test_mending_160_members_costs_a_bounded_number_of_statements(
    cast: Cast, officer: Client
) -> None:
    lines = members.members("x", 160, clock.today())
    for number, line in enumerate(lines):
        line["name"] += f" {number}"
    case = do(bring_to(open_founding(cast), "enrol", cast), "enrol", by=cast.officer, lines=lines)
    elected = [s | {"name": f"{n}"} for n, s in enumerate(entries("elect")["lines"], 1)]
    case = do(case, "elect", by=cast.officer, lines=elected)
    for step in ("draft_rules", "prepare_papers", "set_targets", "report"):
        case = do(case, step, by=cast.officer)
    back = {"outcome": "RETURNED", "to": "enrol", "reason": "เหตุ"}
    case = do(case, "verify_founding", by=cast.chief, **back)
    page = officer.get(url_of(case, "enrol"))
    assert [cell(page, n, "name").value() for n in (0, 159)] == [lines[n]["name"] for n in (0, 159)]
    numbered = [line | {"number": n} for n, line in enumerate(lines, 1)]
    for line in numbered:
        line["name"] += " ใหม่"
    mended = {f"mended-{d.pk}": "1" for d in case.defects.all()}
    sent = typed("enrol") | typed_lines(numbered[:150]) | TICKS | mended | SUBMIT
    with CaptureQueriesContext(connection) as queries:
        assert officer.post(url_of(case, "enrol"), sent).status_code == 302
    assert len(queries) <= 40
    assert item_of(fresh(case)).step == "verify_founding"
    assert Member.objects.filter(name__endswith="ใหม่").count() == Member.objects.count() == 150


# ---- Pasting ----------------------------------------------------------------------------------


def as_excel(lines: list[dict[str, Any]]) -> str:
    """Cells as they are copied from a spreadsheet, in the order of the table."""
    names = [column.name for column in MEMBERS.columns]
    return "\r\n".join("\t".join(str(line[name]) for name in names) for line in lines)


def test_lines_pasted_from_a_spreadsheet_stand_in_the_table_for_checking(
    case: Any, officer: Client
) -> None:
    url, lines = url_of(case, "enrol"), entries("enrol")["lines"]
    first = {"rows-TOTAL_FORMS": "1", "rows-0-name": "นายก พิมพ์ไว้ก่อน"}
    sent = first | {"rows-pasted": as_excel(lines), "paste": "1"}
    response = officer.post(url, sent, follow=True)
    assert "36" in str(next(iter(response.context["messages"])))
    assert cell(response, 0, "name").value() == "นายก พิมพ์ไว้ก่อน"
    assert cell(response, 36, "name").value() == lines[35]["name"]
    assert not Member.objects.exists()


def test_nothing_pasted_is_told(case: Any, officer: Client) -> None:
    sent = {"rows-TOTAL_FORMS": "0", "rows-pasted": " \n\t\n", "paste": "1"}
    response = officer.post(url_of(case, "enrol"), sent, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]


HEADED = {
    "headings in another order": "phone\tname\n0812345678\tนายก ข",
    "headings in the language of the page": "{phone}\t{name}\n0812345678\tนายก ข",
    "a comma between": "name,phone\nนายก ข,0812345678",
    "a semicolon between": "name;phone\nนายก ข;0812345678",
    "quotes around": 'name,phone\n"นายก ข","0812345678"',
    "columns that we do not know": "name\tน้ำหนัก\tphone\nนายก ข\t60\t0812345678",
    "an empty line between": "name\tphone\n\nนายก ข\t0812345678\n\t\n",
    "a byte order mark": "\ufeffname\tphone\nนายก ข\t0812345678",
}


@pytest.mark.parametrize("what", HEADED)
def test_headings_put_columns_in_their_order(what: str) -> None:
    text = HEADED[what]
    if "{" in text:
        names = {column.name: MEMBERS.label(column) for column in MEMBERS.columns}
        text = text.format(**names)
    assert pasting.parse(MEMBERS, text) == [{"name": "นายก ข", "phone": "0812345678"}]


def test_a_running_number_before_the_name_is_left_out() -> None:
    found = pasting.parse(MEMBERS, "1.\tนายก ข\tสามัญ\n๒\tนายค ง\tวิสามัญ")
    assert [line["name"] for line in found] == ["นายก ข", "นายค ง"]


@pytest.mark.parametrize("language", ["th", "lo", "en"])
def test_choices_are_understood_in_words(language: str) -> None:
    with translation.override(language):
        committee, position = str(Seat.Committee.AUDIT.label), str(Seat.Position.CHAIR.label)
    [line] = pasting.parse(SEATS, f"{committee}\t{position}\tนายก")
    assert line == {"committee": "AUDIT", "position": "CHAIR", "name": "นายก"}


@pytest.mark.parametrize("text", ['"', '"a\tb', "\t" * 500, "\x00a\tb", "a" * 200_000, "\r", ""])
def test_whatever_is_pasted_breaks_nothing(case: Any, officer: Client, text: str) -> None:
    sent = {"rows-TOTAL_FORMS": "0", "rows-pasted": text, "paste": "1"}
    assert officer.post(url_of(case, "enrol"), sent).status_code == 302
    assert officer.get(url_of(case, "enrol")).status_code == 200


# ---- Committees ---------------------------------------------------------------------------------


def test_members_are_offered_by_number_and_name(cast: Cast, officer: Client) -> None:
    case = bring_to(open_founding(cast), "elect", cast)
    page = officer.get(url_of(case, "elect"))
    is_well_made(page, "th")
    [offered] = page.context["rows"]["lists"]
    assert len(offered["options"]) == 36
    assert offered["options"][0] == f"1 {entries('enrol')['lines'][0]['name']}"
    assert f'list="{offered["id"]}"' in page.content.decode()


def test_what_is_wrong_with_a_committee_is_told(cast: Cast, officer: Client) -> None:
    case = bring_to(open_founding(cast), "elect", cast)
    prove(case, "elect", cast.officer)
    lines = entries("elect")["lines"][:-2]
    lines[1] |= {"name": "นายคนนอก"}
    fields = {name: v for name, v in typed("elect").items() if not name.startswith("rows-")}
    sent = fields | typed_lines(lines) | {"tick-election-record": "1"} | SUBMIT
    response = officer.post(url_of(case, "elect"), sent)
    assert [error["url"] for error in response.context["errors"]] == ["#id_rows-1-name"]
    assert len(response.context["blockers"]) == 1  # the promotion committee


# ---- Reading ----------------------------------------------------------------------------------


@pytest.fixture
def enrolled(case: Any, cast: Cast) -> Any:
    return do(case, "enrol", by=cast.officer)


def done_url(case: Any, step: str) -> str:
    item = next(item for item in case.task_set.all() if item.step == step and not item.is_open)
    return reverse("step", args=[case.number, item.pk])


@pytest.mark.parametrize(("who", "masked"), [("officer", 0), ("chief", 0), ("academic", 1)])
def test_phone_and_birth_date_are_masked_for_who_only_looks_on(
    enrolled: Any, cast: Cast, client: Client, who: str, masked: int
) -> None:
    member = Member.objects.exclude(phone="").first()
    assert member is not None
    client.force_login(getattr(cast, who))
    for url in (done_url(enrolled, "enrol"), reverse("case", args=[enrolled.number])):
        page = client.get(url).content.decode()
        assert member.name in page
        assert (member.phone in page) is not bool(masked)
        assert f"•••{member.phone[-3:]}" in page or not masked


def test_the_chief_decides_on_members_and_seats(cast: Cast, client: Client) -> None:
    case = bring_to(open_founding(cast), "verify_founding", cast)
    client.force_login(cast.chief)
    page = client.get(url_of(case, "verify_founding"))
    is_well_made(page, "th")
    tables = [step["lines"] for step in page.context["record"] if step["lines"]]
    assert [len(table["lines"]) for table in tables] == [36, 13]
    assert page.context["seats"]["funds"][0]["name"] == case.party.name


def test_the_event_keeps_the_lines(enrolled: Any) -> None:
    event = enrolled.events.get(step="enrol", kind="STEP_DONE")
    assert event.codes["lines"] == 36
    names = [line["name"] for line in event.text.body["lines"]]
    assert names == [line["name"] for line in entries("enrol")["lines"]]
    assert names[0] not in str(event.codes)


def test_the_table_speaks_the_language_of_each_reader(case: Any, officer: Client) -> None:
    """Also where somebody of another language has seen it before."""
    labels = []
    for language in ("th", "lo", "en"):
        officer.cookies["django_language"] = language
        page = officer.get(url_of(case, "enrol"))
        labels.append(str(cell(page, 0, "born_on").label))
    assert len(set(labels)) == 3


def test_somebody_without_the_step_sees_no_table_to_type_in(
    case: Any, cast: Cast, client: Client
) -> None:
    user = User.objects.create(username="new", name="ใหม่")
    Post.objects.create(user=user, role="PROV_ACADEMIC", area_id="TH42", starts_on=LONG_AGO)
    client.force_login(user)
    page = client.get(url_of(case, "enrol"))
    assert "rows" not in page.context
    assert 'name="more"' not in page.content.decode()


def test_a_day_before_the_meeting_is_told_at_the_field(case: Any, officer: Client) -> None:
    day = (clock.today() - timedelta(days=3)).isoformat()
    sent = typed("enrol") | TICKS | {"enrolled_on": day} | SUBMIT
    response = officer.post(url_of(case, "enrol"), sent)
    assert [blocker["url"] for blocker in response.context["blockers"]] == ["#id_enrolled_on"]
