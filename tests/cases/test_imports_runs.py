"""An import as a whole: what the check says happens, nothing is half done, nothing twice."""

import csv
import threading
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cases import tasks
from cases.imports import arrivals, books, kinds, runs
from cases.imports.tables import UnreadableTableError
from cases.imports.villages import Villages
from cases.models import Area, Change, ImportRun, User
from tests.cases import sheets
from tests.cases.test_imports_groups import GROUPS, SEATS, group, seat
from tests.cases.test_imports_staff import HEADINGS as STAFF
from tests.cases.test_imports_staff import line as staff
from tests.cast import Cast, assemble, territory
from tests.contract.world import undone

COUNTS = ("added", "changed", "unchanged", "refused")
VILLAGES = ["code", "name_th"]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def villages(count: int, first: int = 0) -> list[list[str]]:
    """Lines of as many villages, in tambons of Chiang Khan that have to be there."""
    codes = (f"4203{n // 99 + 10:02}{n % 99 + 1:02}" for n in range(first, first + count))
    return [VILLAGES, *([code, f"บ้าน {code}"] for code in codes)]


def tambons() -> None:
    territory()
    Area.objects.bulk_create(
        [
            Area(code=f"TH4203{n}", level=3, parent_id="TH4203", name_th=f"ตำบล {n}")
            for n in range(10, 100)
        ],
        ignore_conflicts=True,
    )


def counts(run: ImportRun) -> tuple[int, ...]:
    return tuple(getattr(run, name) for name in COUNTS)


def test_the_check_leaves_no_trace(cast: Cast) -> None:
    before = Area.objects.count()
    run = sheets.checked("villages", [VILLAGES, ["42030105", "ก"], ["42030101", ""]], cast.admin)
    assert counts(run) == (1, 0, 0, 1)
    assert Area.objects.count() == before
    assert not Change.objects.filter(kind="IMPORTED").exists()
    assert run.preview == [{"number": 2, "cells": ["42030105", "ก"], "outcome": "added"}]


def test_nothing_is_imported_unasked_or_twice(cast: Cast) -> None:
    run = sheets.checked("villages", [VILLAGES, ["42030105", "ก"]], cast.admin)
    runs.advance(run.pk)
    assert not Area.objects.filter(code="TH42030105").exists()
    assert runs.confirm(run)
    assert not runs.confirm(run)
    runs.advance(run.pk)
    runs.advance(run.pk)
    assert Change.objects.filter(kind="IMPORTED").count() == 1


def test_reasons_stand_in_every_language(cast: Cast) -> None:
    run = sheets.checked("villages", [VILLAGES, ["42030105", ""]], cast.admin)
    refused = run.refused_lines.get()
    assert set(refused.reasons) == {"th", "lo", "en"}
    assert refused.reasons["en"] == [[1, "Give the village a name in one language at least."]]


def test_missing_columns_are_named_and_unknown_ones_told(cast: Cast) -> None:
    with pytest.raises(UnreadableTableError, match=r"ชื่อ|Name of the person"):
        sheets.sent("staff", sheets.as_csv([["username", "role"], ["a", "b"]]), cast.admin)
    rows = [[*VILLAGES, "เลขที่หนังสือ", ""], ["42030105", "ก", "1", "x"]]
    assert sheets.checked("villages", rows, cast.admin).notes["unknown"] == ["เลขที่หนังสือ"]


def test_the_example_of_a_template_is_never_imported(cast: Cast) -> None:
    for code, kind in kinds.known().items():
        for ending in (books.XLSX, books.CSV):
            run = sheets.checked(code, books.template(kind(cast.admin), ending), cast.admin)
            assert counts(run) == (0, 0, 0, 1), (code, ending)
            assert run.notes["unknown"] == []
            words = "This is the example of the template. Leave it out."
            assert run.refused_lines.get().reasons["en"] == [[-1, words]]


def test_codes_keep_their_zeros_in_the_template(cast: Cast) -> None:
    book = load_workbook(BytesIO(books.template(Villages(cast.admin), books.XLSX)))
    assert book.active["A2"].number_format == "@"
    assert book.active.column_dimensions["A"].number_format == "@"
    assert len(book.worksheets) == 2


def test_a_report_can_be_mended_and_sent_again(cast: Cast) -> None:
    rows = [VILLAGES, ["42030105", ""], ["42030106", "ข"]]
    run = sheets.imported("villages", rows, cast.admin)
    book = load_workbook(BytesIO(books.report(run, "en", books.XLSX)))
    sheet = book.active
    assert [cell.value for cell in sheet[2]] == [
        "42030105",
        None,
        "2",
        "B2: Give the village a name in one language at least.",
    ]
    sheet["B2"] = "ก"
    again = sheets.imported("villages", sheets.saved(book), cast.admin)
    assert counts(again) == (1, 0, 0, 0)


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r="])
def test_a_report_runs_no_formula(cast: Cast, begin: str) -> None:
    attack = f"{begin}HYPERLINK(0)"
    run = sheets.checked("villages", sheets.as_csv([VILLAGES, [attack, "ก"]]), cast.admin)
    refused = run.refused_lines.get()
    refused.cells = [attack, "ก"]  # as it may stand in a file, whatever the reader strips
    refused.save()
    text = books.report(run, "en", books.CSV).decode("utf-8-sig")
    for row in csv.reader(StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    sheet = load_workbook(BytesIO(books.report(run, "en", books.XLSX))).active
    assert sheet["A2"].data_type == "s"


def test_an_import_that_breaks_off_goes_on_behind_the_last_batch(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies within the third batch leaves two; the next one does the rest, once."""
    cast = assemble()
    tambons()
    monkeypatch.setattr(runs, "BATCH", 100)
    run = sheets.checked("villages", villages(450), cast.admin)
    runs.confirm(run)
    written: list[int] = []
    write = Villages.write

    def dies(self: Any, lines: Any, of: Any) -> None:
        write(self, lines, of)
        written.append(len(lines))
        if len(written) == 3:
            raise SystemExit  # as a worker is killed: no handler of ours runs

    monkeypatch.setattr(Villages, "write", dies)
    with pytest.raises(SystemExit):
        runs.advance(run.pk)
    run.refresh_from_db()
    assert (run.status, run.done, run.added) == ("RUNNING", 200, 200)
    assert Area.objects.filter(name_th__startswith="บ้าน 4203").count() == 200
    assert run.pk not in runs.waiting()  # somebody might still be at it
    ImportRun.objects.update(moved_at=None)
    tasks.go_on_with_imports()
    run.refresh_from_db()
    assert (run.status, *counts(run)) == ("DONE", 450, 0, 0, 0)
    assert run.predicted == dict(zip(COUNTS, (450, 0, 0, 0), strict=True))
    assert sum(written) == 100 * 3 + 250  # the third batch was rolled back and came again
    assert Area.objects.filter(name_th__startswith="บ้าน 4203").count() == 450


def test_a_fault_stops_the_run_and_it_can_be_taken_up(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = assemble()
    tambons()
    monkeypatch.setattr(runs, "BATCH", 10)
    run = sheets.checked("villages", villages(25), cast.admin)
    runs.confirm(run)
    with monkeypatch.context() as broken:
        broken.setattr(Villages, "write", lambda *_: 1 / 0)
        runs.advance(run.pk)
    run.refresh_from_db()
    assert (run.status, run.done) == ("FAILED", 0)
    assert runs.take_up(run)
    runs.advance(run.pk)
    run.refresh_from_db()
    assert (run.status, run.added) == ("DONE", 25)


def test_two_people_import_the_same_file_at_once(transactional_db: None) -> None:
    """One adds, the other finds it there; together every line once."""
    cast = assemble()
    tambons()
    other = User.objects.create(username="admin2", name="แอดมินสอง")
    cast.admin.posts.get().__class__.objects.create(
        user=other, role="ADMIN", area_id="TH4203", starts_on="2020-01-01"
    )
    rows = villages(1200)
    both = [sheets.checked("villages", rows, by) for by in (cast.admin, other)]
    faults: list[Exception] = []

    def go(run: ImportRun) -> None:
        try:
            runs.confirm(run)
            runs.advance(run.pk)
        except Exception as fault:  # noqa: BLE001  # told to the main thread
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=[run]) for run in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    for run in both:
        run.refresh_from_db()
    assert {run.status for run in both} == {"DONE"}
    assert sum(run.added for run in both) == 1200
    assert sum(run.unchanged for run in both) == 1200
    assert Area.objects.filter(name_th__startswith="บ้าน 4203").count() == 1200


def test_two_workers_at_one_run_do_each_line_once(transactional_db: None) -> None:
    cast = assemble()
    tambons()
    run = sheets.checked("villages", villages(2000), cast.admin)
    runs.confirm(run)

    def go() -> None:
        runs.advance(run.pk)
        connection.close()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.refresh_from_db()
    if run.is_going_on:  # each gave way to the other
        runs.advance(run.pk)
        run.refresh_from_db()
    assert (run.status, *counts(run)) == ("DONE", 2000, 0, 0, 0)
    assert Change.objects.filter(kind="IMPORTED").count() == 1


def test_a_page_works_for_seconds_and_leaves_the_rest_to_the_worker(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tambons()
    monkeypatch.setattr(runs, "BATCH", 10)
    run = sheets.sent("villages", sheets.as_csv(villages(35)), cast.admin)
    runs.advance(run.pk, seconds=0)
    run.refresh_from_db()
    assert (run.status, run.done) == ("CHECKING", 10)
    assert runs.waiting() == [run.pk]
    tasks.go_on_with_imports()
    run.refresh_from_db()
    assert (run.status, run.done, run.added) == ("CHECKED", 35, 35)


def test_an_administrator_who_has_left_imports_nothing(cast: Cast) -> None:
    run = sheets.checked("villages", [VILLAGES, ["42030105", "ก"]], cast.admin)
    runs.confirm(run)
    cast.admin.posts.update(ends_on="2021-01-01")
    runs.advance(run.pk)
    run.refresh_from_db()
    assert counts(run) == (0, 0, 0, 1)


def lines_of(kind: str, count: int) -> list[list[str]]:
    """So many good lines of a kind."""
    codes = [line[0] for line in villages(count)[1:]]
    if kind == "staff":
        return [
            STAFF,
            *(
                staff(username=f"user{n}", email=f"u{n}@example.org", invite="YES")
                for n in range(count)
            ),
        ]
    if kind == "groups":
        return [GROUPS, *(group(area=code, name=f"กลุ่ม {code}", number=code) for code in codes)]
    if kind == "committees":
        return [SEATS, *(seat(area="", kind="", number=c, name=f"นาย {c}") for c in codes)]
    if kind == "foundings":
        head = ["village", "step", "opened_on", "trigger"]
        return [head, *([code, "analyse", "1/10/2568", "NO_CAPITAL"] for code in codes)]
    return villages(count)


NEEDED = {"groups": ["villages"], "committees": ["villages", "groups"], "foundings": ["villages"]}


@pytest.mark.parametrize("kind", list(kinds.known()))
def test_a_batch_costs_the_same_however_many_lines(cast: Cast, kind: str) -> None:
    tambons()
    for before in NEEDED.get(kind, []):
        sheets.imported(before, lines_of(before, 480), cast.admin)
    head, *lines = lines_of(kind, 480)
    costs = []
    for fresh in (lines[:40], lines[40:80], lines[80:]):  # the first warms what a process keeps
        run = sheets.checked(kind, sheets.as_csv([head, *fresh]), cast.admin)
        assert run.added == len(fresh), run.refused_lines.first()
        runs.confirm(run)
        with CaptureQueriesContext(connection) as queries:
            runs.advance(run.pk)
        costs.append(len(queries))
    assert costs[1] == costs[2] <= 30


CODE = st.sampled_from(
    ["42030101", "42030102", "42030103", "42030104", "42090101", "4203", "99", ""]
)
NAME = st.sampled_from(["บ้านก", "บ้านข", "", "🙂", "บ้านทุ่งใหม่"])
PERSON = st.sampled_from(["ก", "ข", "officer", "new", "x1", ""])
STAFF_LINES = st.lists(
    st.builds(
        staff,
        name=st.sampled_from(["นาม officer", "นางใหม่ ตัวอย่าง", "นายอื่น", ""]),
        username=st.sampled_from(["officer", "mai", "other", ""]),
        email=st.sampled_from(["officer@example.org", "mai@example.org", "o@example.org", ""]),
        phone=st.sampled_from(["", "0812345678", "99"]),
        area=st.sampled_from(["420301", "4203", "420901", "7"]),
    ),
    min_size=1,
    max_size=12,
)
VILLAGE_LINES = st.lists(st.tuples(CODE, NAME).map(list), min_size=1, max_size=12)
GROUP_LINES = st.lists(
    st.builds(
        group,
        area=CODE,
        name=st.sampled_from(["ก", "ข", ""]),
        number=st.sampled_from(["1", "2", ""]),
        level=st.sampled_from(["1", "9", ""]),
        status=st.sampled_from(["", "DORMANT", "DISSOLVED"]),
    ),
    min_size=1,
    max_size=12,
)
FOUNDINGS = st.lists(
    st.tuples(
        CODE,
        st.sampled_from(["study", "gather", "nowhere"]),
        st.sampled_from(["1/10/2568", "2/10/2568", ""]),
    ).map(list),
    min_size=1,
    max_size=8,
)
FILES = st.one_of(
    st.tuples(st.just("staff"), st.just(STAFF), STAFF_LINES),
    st.tuples(st.just("villages"), st.just(VILLAGES), VILLAGE_LINES),
    st.tuples(st.just("groups"), st.just(GROUPS), GROUP_LINES),
    st.tuples(st.just("foundings"), st.just(["village", "step", "opened_on"]), FOUNDINGS),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(file=FILES, batch=st.integers(1, 5))
def test_the_check_predicts_the_import_and_a_second_time_changes_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, file: Any, batch: int
) -> None:
    """Whatever stands in the file: the counts and the refused lines come out as the check said."""
    kind, head, lines = file
    monkeypatch.setattr(runs, "BATCH", batch)
    content = sheets.as_csv([head, *lines])
    with undone():
        try:
            run = sheets.checked(kind, content, cast.admin)
        except UnreadableTableError:
            return  # nothing but empty lines
        told = list(run.refused_lines.values_list("number", "reasons"))
        runs.confirm(run)
        runs.advance(run.pk)
        run.refresh_from_db()
        assert run.status == "DONE"
        assert run.predicted == dict(zip(COUNTS, counts(run), strict=True))
        assert list(run.refused_lines.values_list("number", "reasons")) == told
        again = sheets.imported(kind, content, cast.admin)
        assert again.added == 0


def test_the_same_file_is_told_to_have_been_there(cast: Cast) -> None:
    rows = sheets.as_csv([VILLAGES, ["42030105", "ก"]])
    first = sheets.imported("villages", rows, cast.admin)
    second = sheets.checked("villages", rows, cast.admin)
    assert arrivals.earlier(second) == first
    assert counts(second) == (0, 0, 1, 0)


@pytest.mark.full
def test_100_000_lines_are_through_and_one_more_is_refused(
    cast: Cast, request: pytest.FixtureRequest
) -> None:
    """The whole size under --full; else a tenth of it, with every thousandth line refused."""
    count = 100_000 if request.config.getoption("full") else 10_000
    tambons()
    known = villages(min(count, 8_900))[1:]
    rows = [known[n % len(known)] for n in range(count)]
    run = sheets.imported("villages", sheets.as_csv([VILLAGES, *rows]), cast.admin)
    assert run.total == count
    assert counts(run) == (len(known), 0, 0, count - len(known))
