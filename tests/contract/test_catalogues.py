"""The Thai and Lao catalogues are complete, and ours win over Django's (DESIGN 7)."""

from datetime import date
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext

from cases import holidays
from cases.models import Holiday
from scripts import check_catalogues as catalogues

LANGUAGES = ("th", "lo")


@pytest.fixture(scope="module")
def template() -> Catalog:
    return catalogues.wanted()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete_and_compiled(language: str, template: Catalog) -> None:
    catalog = catalogues.read(language)
    assert list(catalogues.faults(catalog, template)) == []
    compiled = catalogues.LOCALE_DIR / language / "LC_MESSAGES" / "django.mo"
    assert compiled.read_bytes() == catalogues.compiled(catalog)


def test_texts_are_found_in_code_templates_and_django(template: Catalog) -> None:
    for text, context in {
        ("My work", None),  # gettext in Python
        ("Field officer", None),  # gettext_lazy
        ("%(days)d day", None),  # ngettext
        ("Overdue", None),  # {% translate %}
        ("Subject", "of a case"),  # {% translate … context %}
        ("%(days)s working day late", None),  # {% blocktranslate count %}
        ("This field is required.", None),  # Django's
    }:
        assert template.get(text, context), text
    assert template.get("Integer") is None  # a description for Django's admin documentation


def _catalog(text: Any, string: Any, **more: Any) -> Catalog:
    catalog = Catalog(locale="lo", fuzzy=False)
    catalog.add(text, string, **more)
    return catalog


@pytest.mark.parametrize(
    ("text", "string", "fault"),
    [
        ("Step", "", "untranslated"),
        ("due %(date)s", "ຄົບກຳນົດ", "other placeholders"),
        ("due %(date)s", "ຄົບກຳນົດ %(day)s", "other placeholders"),
        (("%(days)d day", "%(days)d days"), ("%(days)d ມື້", "%(days)d ມື້"), "untranslated"),
        (("%(days)d day", "%(days)d days"), ("ມື້",), "other placeholders"),
    ],
)
def test_a_faulty_translation_is_named(text: Any, string: Any, fault: str) -> None:
    named = list(catalogues.faults(_catalog(text, string), _catalog(text, "")))
    assert [name.split(":")[0] for name in named] == [fault]


def test_missing_fuzzy_and_superfluous_texts_are_named() -> None:
    step, case = _catalog("Step", "ຂັ້ນຕອນ"), _catalog("Case", "ເລື່ອງ")
    assert list(catalogues.faults(step, step)) == []
    assert list(catalogues.faults(step, case)) == [
        "missing: 'Case'",
        "no longer in use: 'Step'",
    ]
    unsure = _catalog("Step", "ຂັ້ນຕອນ", flags=["fuzzy"])
    assert list(catalogues.faults(unsure, step)) == ["fuzzy: 'Step'"]


def test_our_translations_win_over_django_and_fill_its_gaps() -> None:
    with translation.override("th"):
        assert gettext("This field is required.") == "กรุณาระบุข้อมูลนี้"
        assert gettext("This password is too common.") == "รหัสผ่านนี้เดาได้ง่ายเกินไป"
    with translation.override("lo"):
        assert gettext("Monday") == "ວັນຈັນ"
        assert pgettext("abbrev. month", "Nov.") == "ພ.ຈ."
        assert ngettext("%(size)d byte", "%(size)d bytes", 5) == "%(size)d ໄບຕ໌"


def test_numbers_and_dates_of_django_are_written_as_lao_writes_them() -> None:
    with translation.override("lo"):
        assert filesizeformat(13_722) == "13,4\xa0KB"
        assert date_format(date(2026, 11, 23)) == "23 ພະຈິກ 2026"


def test_every_holiday_has_a_name_in_every_language(db: None) -> None:
    holidays.seed("TH", range(2025, 2031))
    holidays.seed("LA", range(2025, 2031))
    named = Holiday.objects.values_list("day", "name_th", "name_lo", "name_en")
    assert len(named) > 100
    assert [day for day, *names in named if not all(names)] == []
    lieu = Holiday.objects.get(country="TH", day=date(2026, 12, 7))
    assert lieu.name_lo.split("; ")[1] == "ພັກຊົດເຊີຍວັນຊາດ"
