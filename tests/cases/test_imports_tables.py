"""Files as they arrive from offices, whole and broken: read right or refused in words."""

import csv
from datetime import date
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from cases.imports import tables
from cases.imports.tables import Row, Trouble, UnreadableTableError
from tests.cases.sheets import as_csv, as_xlsx, saved

ROWS = [["รหัส", "ชื่อ", "วันที่"], ["42030101", "บ้านน้ำใส", "1/2/2567"], ["42030102", "ບ້ານ", ""]]
THAI = [ROWS[0], ROWS[1], ["42030102", "บ้านใหม่", ""]]
KNOWN = {"รหัส", "ชื่อ", "วันที่"}


def recognise(cells: object) -> int:
    return len(KNOWN & set(cells))  # type: ignore[call-overload]


def read(content: bytes) -> tuple[tables.Table, list[Row]]:
    table = tables.opened(BytesIO(content), recognise)
    return table, list(table.lines())


def refused(content: bytes) -> str:
    """The reason in English; it is worded where it is raised."""
    with translation.override("en"), pytest.raises(UnreadableTableError) as refusal:
        read(content)
    return str(refusal.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_of_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    table, lines = read(as_csv(ROWS, encoding=encoding, delimiter=delimiter))
    assert [line.cells for line in lines] == ROWS[1:]
    assert [line.number for line in lines] == [2, 3]
    assert table.total == 2
    assert table.notes["delimiter"] == delimiter


def test_tis_620_is_recognised_and_told() -> None:
    table, lines = read(as_csv(THAI, encoding="cp874"))
    assert lines[0].cells == THAI[1]
    assert table.notes["encoding"] == "cp874"


def test_titles_above_the_headings_and_blank_lines_do_not_matter() -> None:
    above = [["รายชื่อหมู่บ้าน อำเภอเชียงคาน", "", ""], ["", "", ""]]
    for content in (as_csv([*above, *ROWS, ["", "", ""]]), as_xlsx([*above, *ROWS, ["", "", ""]])):
        table, lines = read(content)
        assert table.headings.number == 3
        assert [line.number for line in lines] == [4, 5]
        assert table.total == 2


def test_a_line_with_fewer_or_more_cells_is_still_a_line() -> None:
    _table, lines = read(as_csv([*ROWS, ["42030103"], ["42030104", "ก", "", "เกิน"]]))
    assert [len(line.cells) for line in lines] == [3, 3, 1, 4]


def test_numbers_dates_and_texts_of_excel_are_read_as_typed() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["รหัส", "ชื่อ", "วันที่"])
    sheet.append([42030101, 12.5, date(2024, 3, 15)])
    sheet.append([42030102.0, 0.1 + 0.2, date(2567, 3, 15)])  # typed BE into an English Excel
    sheet.append(["0042", True, "๑๕ มี.ค. ๒๕๖๗"])
    _table, lines = read(saved(book))
    assert [line.cells for line in lines] == [
        ["42030101", "12.5", "15/03/2024"],
        ["42030102", "0.3", "15/03/2567"],
        ["0042", "True", "๑๕ มี.ค. ๒๕๖๗"],
    ]


def test_merged_cells_are_troubles_at_their_address() -> None:
    book = Workbook()
    for row in [["ชื่อรายงาน", "", ""], *ROWS, ["42030103", "ก", ""]]:
        book.active.append(row)
    book.active.merge_cells("A1:C1")  # a title may be merged
    book.active.merge_cells("B3:B4")
    _table, lines = read(saved(book))
    assert [line.troubles for line in lines] == [
        {1: Trouble.MERGED},
        {1: Trouble.MERGED},
        {},
    ]


def with_values(content: bytes, values: dict[str, str]) -> bytes:
    """The file with what Excel would have kept beside each formula."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                for formula, value in values.items():
                    error = b' t="e"' if value.startswith("#") else b""
                    plain = f"><f>{formula}</f><v />".encode()
                    assert plain in data
                    kept = f"><f>{formula}</f><v>{value}</v>".encode()
                    data = data.replace(plain, error + kept)
            new.writestr(part, data)
    return out.getvalue()


def test_a_formula_counts_by_its_kept_value_or_is_a_trouble() -> None:
    book = Workbook()
    book.active.append(ROWS[0])
    book.active.append(["=1+1", "=A1", "=1/0"])
    _table, lines = read(with_values(saved(book), {"1+1": "42", "1/0": "#DIV/0!"}))
    assert lines[0].cells[0] == "42"
    assert lines[0].troubles == {1: Trouble.NO_VALUE, 2: Trouble.FAULT}


def test_lost_letters_are_a_trouble() -> None:
    for content in (as_csv([ROWS[0], ["1", "บ้าน�", ""]]), as_xlsx([ROWS[0], ["1", "บ้าน�", ""]])):
        _table, lines = read(content)
        assert lines[0].troubles == {1: Trouble.LOST}


def test_the_first_visible_sheet_with_headings_is_read() -> None:
    book = Workbook()
    book.active.title = "หน้าปก"
    book.active.append(["รายงาน"])
    for title, state in (("ซ่อน", "hidden"), ("ซ่อนมาก", "veryHidden"), ("ข้อมูล", "visible")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        for row in [ROWS[0], [title, "ก", ""]]:
            sheet.append(row)
    table, lines = read(saved(book))
    assert lines[0].cells[0] == "ข้อมูล"
    assert table.notes["other_sheets"] == ["หน้าปก", "ซ่อน", "ซ่อนมาก"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old kind (xls)"),
        (b"%PDF-1.4\n...", "PDF"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "JPEG"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (as_xlsx(ROWS)[:2000], "damaged"),
        (as_csv([["ก", "ข"], ["1", "2"]]), "reads “ก · ข”"),
        (as_xlsx([["ก", "ข"], ["1", "2"]]), "reads “ก · ข”"),
        (as_csv(ROWS[:1]), "no line"),
        (as_xlsx(ROWS[:1]), "no line"),
        (as_csv(ROWS) + b'\r\n"4203,no end', "Line 4"),
        ("รหัส,ชื่อ\r\n1,".encode() + "บ้าน".encode()[:-1], "first in line 2"),
        ("รหัส,ชื่อ\r\n1,บ้าน\r\n".encode() + b"\xfe\xfe\xff", "first in line 3"),
        (as_csv(ROWS, encoding="utf-16")[:-1], "cannot be read"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, words: str) -> None:
    assert words in refused(content)


def test_garbled_thai_is_told_from_missing_headings() -> None:
    """UTF-8 that was opened as TIS-620 and saved: all letters are there, and none is right."""
    rows = [*ROWS[:1], *[["42030101", "บ้านทุ่งใหม่ตำบลเชียงคาน", ""]] * 5]
    garbled = as_csv(rows).decode("cp874", errors="replace").replace("\ufffd", "")
    assert "garbled" in refused(garbled.encode())


def test_an_archive_is_not_unpacked_beyond_its_limits() -> None:
    out = BytesIO()
    with ZipFile(BytesIO(as_xlsx(ROWS))) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data += b" " * (300 * 1024 * 1024)
            new.writestr(part.filename, data)
    assert len(out.getvalue()) < 1_000_000
    assert "too large" in refused(out.getvalue())
    other = BytesIO()
    with ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "no Excel file" in refused(other.getvalue())


def tampered(name: str, old: bytes, new: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(BytesIO(as_xlsx(ROWS))) as archive, ZipFile(out, "w", ZIP_DEFLATED) as changed:
        for part in archive.infolist():
            data = archive.read(part)
            if part.filename == name:
                assert old in data
                data = data.replace(old, new)
            changed.writestr(part.filename, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet '),
        (b'<row r="2"', b'<row r="99999999999"'),
        (b"</sheetData>", b""),
    ],
)
def test_a_sheet_that_was_tampered_with_is_refused(old: bytes, new: bytes) -> None:
    assert "damaged" in refused(tampered("xl/worksheets/sheet1.xml", old, new))


def test_too_many_lines_and_too_large_files_are_refused() -> None:
    head, line = "รหัส,ชื่อ\n".encode(), b"42030101,a\n"
    assert "100,000" in refused(head + line * 100_001)
    assert "20.0" in refused(head + line * 2_000_000)


def test_addresses_are_those_of_excel() -> None:
    cells = {(0, 5): "A5", (25, 1): "Z1", (26, 1): "AA1", (701, 9): "ZZ9", (702, 9): "AAA9"}
    assert {cell: tables.address(*cell) for cell in cells} == cells


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_no_file_breaks_the_reader(junk: bytes, start: bytes) -> None:
    refused(start + junk)


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="�\0"), max_size=20),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_stands_in_cells_comes_back(rows: list[list[str]]) -> None:
    out = StringIO()
    csv.writer(out).writerows([ROWS[0], *rows])
    stripped = [[cell.strip() for cell in row] for row in rows]
    expected = [row for row in stripped if any(row)]
    if not expected:
        assert "no line" in refused(out.getvalue().encode())
        return
    _table, lines = read(out.getvalue().encode())
    assert [line.cells for line in lines] == expected
