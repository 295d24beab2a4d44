"""Villages by file: what is refused at which cell, and what stands after it (handbook 3.1, 7.2)."""

import pytest

from cases.models import Area, Change, ImportRun
from tests.cases import sheets
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def test_villages_are_added_changed_and_told_apart(cast: Cast) -> None:
    rows = [
        ["รหัสหมู่บ้าน", "ชื่อหมู่บ้าน", "Name in Latin letters"],
        ["42030101", "บ้านทุ่งใหม่", "Ban Thung Mai"],
        ["๔๒๐๓๐๑๐๓", "บ้านใหม่", ""],
        ["42030102", "บ้านท่าใหม่", ""],
        ["42990101", "บ้านไร้ตำบล", ""],
    ]
    run = sheets.imported("villages", rows, cast.admin)
    assert (run.added, run.changed, run.unchanged, run.refused) == (1, 1, 1, 1)
    assert run.status == ImportRun.Status.DONE
    assert Area.objects.get(code="TH42030103").parent_id == "TH420301"
    assert Area.objects.get(code="TH42030102").name_th == "บ้านท่าใหม่"
    refused = run.refused_lines.get()
    assert refused.number == 5
    assert refused.reasons["en"] == [[0, "No subdistrict has the code 429901."]]
    assert Change.objects.get(kind="IMPORTED").after["added"] == 1
