"""Fills the table of holidays from the package `holidays` (handbook 3.4)."""

from collections.abc import Iterable
from datetime import date

from holidays import country_holidays

from cases import calendar, holiday_names
from cases.models import Holiday

# The days off of government offices, per country, as categories of the package.
_CATEGORIES = {"TH": ("public", "government"), "LA": ("public",)}
# What the package counts with them and a Thai government office does not keep: Labour Day is a
# holiday of banks and companies, Children's Day a Saturday without a substitute.
_NOT_GOVERNMENT = {"TH": ("National Labor Day", "National Children's Day")}
# The package's languages, under the columns that take them; Lao of Thai holidays is ours.
_LANGUAGES = {
    "TH": {"name_th": "th", "name_en": "en_US"},
    "LA": {"name_th": "th", "name_lo": "lo", "name_en": "en_US"},
}


def seed(country: str, years: Iterable[int]) -> int:
    """Add the holidays of `country` (TH, LA) in the Gregorian `years` that are missing.

    Returns how many were added. Days that stand in the table already stay as they are, since an
    administrator may have named them anew. The cabinet adds days at short notice and announces
    Ploughing Day yearly: those that the package does not know are entered by hand.
    """
    names: dict[str, dict[date, str]] = {
        column: country_holidays(
            country, years=years, categories=_CATEGORIES[country], language=language
        )
        for column, language in _LANGUAGES[country].items()
    }
    if country == "TH":
        names["name_lo"] = {d: holiday_names.in_lao(name) for d, name in names["name_en"].items()}
    before = Holiday.objects.filter(country=country).count()
    Holiday.objects.bulk_create(
        [
            Holiday(
                country=country, day=day, **{column: table[day] for column, table in names.items()}
            )
            for day in _days_off(country, names["name_en"])
        ],
        ignore_conflicts=True,
    )
    calendar.forget()
    return Holiday.objects.filter(country=country).count() - before


def _days_off(country: str, english: dict[date, str]) -> list[date]:
    """The days with at least one name that a government office keeps, in order."""
    foreign = _NOT_GOVERNMENT.get(country, ())
    return sorted(
        day
        for day, names in english.items()
        if not (foreign and all(name.startswith(foreign) for name in names.split("; ")))
    )
