"""What a group's page tells of its months: how each stands, chart, table, KPIs (handbook 5.2)."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import dropwhile
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.dates import format_month
from cases.models import Party
from cases.numbers import format_number, whole
from workflows.pages import chart
from workflows.procedures.group_month import attention, figures
from workflows.procedures.group_month.figures import Growth, Month, Share
from workflows.procedures.group_month.models import GroupMonth

IN_THOUSANDS = 10_000  # baht: from here on the axis counts thousands


def section(party: Party) -> dict[str, Any]:
    """The months' section of the page of `party`: its template and what that shows."""
    months = _from_the_first(figures.months_of(party))
    told = [month for month in months if month.known]
    return {
        "template": "group_month/on_group.html",
        "followed": party.followed_from is not None,
        "any_month": bool(months),
        "attention": attention.of_groups(GroupMonth.objects.filter(party=party)).get(party.pk, ""),
        "months": [_mark(month) for month in months],
        "charts": _charts(months) if told else [],
        "rows": [_row(month) for month in reversed(months) if month.case],
        "kpis": _kpis(months) if months else [],
    }


def _from_the_first(months: Sequence[Month]) -> list[Month]:
    """Without the months before the first one: a gap between two stays, as not asked."""
    return list(dropwhile(lambda month: month.case is None, months))


def standings() -> dict[str, str]:
    """How a month can stand, in words."""
    return {
        "accepted": _("Accepted"),
        "accepted_with_notes": _("Accepted with notes"),
        "missing": _("No report"),
        "in": _("With the chief"),
        "returned": _("Returned"),
        "late": _("Late"),
        "open": _("Open"),
        "not_asked": _("Not asked"),
    }


def _mark(month: Month) -> dict[str, Any]:
    return {
        "period": month.period,
        "standing": month.standing,
        "label": standings()[month.standing],
        "url": reverse("case", args=[month.case.number]) if month.case else "",
    }


def _row(month: Month) -> dict[str, Any]:
    """One line of the table; what was not reported stays empty, which is not zero."""
    names = ("savings_balance", "loans_outstanding", "members", "special_savings")
    return {**_mark(month), "cells": [whole(_value(month, name)) for name in names]}


def _charts(months: Sequence[Month]) -> list[dict[str, Any]]:
    labels = [format_month(month.period).rpartition(" ")[0] for month in months]
    savings = chart.Line(_("Savings"), [_savings(month) for month in months])
    loans = chart.Line(_("Loans"), [_value(month, "loans_outstanding") for month in months])
    members = chart.Line(_("Members"), [_value(month, "members") for month in months])
    largest = max((value or 0 for line in (savings, loans) for value in line.values), default=0)
    thousands = largest >= IN_THOUSANDS
    money = _("Savings and loans (thousand baht)") if thousands else _("Savings and loans (baht)")
    return [
        {
            "title": money,
            "chart": chart.draw(labels, [savings, loans], unit=1000 if thousands else 1),
            "summary": " ".join(map(_in_words, (savings, loans))),
        },
        {
            "title": _("Members"),
            "chart": chart.draw(labels, [members]),
            "summary": _in_words(members),
        },
    ]


def _savings(month: Month) -> Decimal | None:
    return month.known.closing_balance if month.known else None


def _value(month: Month, name: str) -> Any:
    return getattr(month.known, name, None)


def _in_words(line: chart.Line) -> str:
    known = [value for value in line.values if value is not None]
    if not known:
        return _("%(what)s: not known yet.") % {"what": line.label}
    first, last = (format_number(whole(value)) for value in (known[0], known[-1]))
    what = {"what": line.label, "first": first, "last": last}
    return _("%(what)s: from %(first)s to %(last)s.") % what


def _kpis(months: Sequence[Month]) -> list[dict[str, str]]:
    savings = figures.growth(months, "closing_balance")
    members = figures.growth(months, "members")
    arrears = figures.arrears_percent(months)
    return [
        _share(_("Reports on time"), figures.on_time(months)),
        _share(_("Deposit days attended"), figures.attended(months)),
        _share(_("Months audited"), figures.audited(months)),
        _growth(_("Growth of savings"), savings, _("baht")),
        _growth(_("Growth of members"), members, _("people")),
        {
            "label": _("Arrears of more than 90 days"),
            "value": "–" if arrears is None else f"{format_number(arrears)} %",
            "detail": _("of the loans outstanding"),
        },
    ]


def _share(label: str, share: Share) -> dict[str, str]:
    if share.percent is None:
        return {"label": label, "value": "–", "detail": _("nothing due yet")}
    of = _("%(part)s of %(of)s") % {"part": share.part, "of": share.of}
    return {"label": label, "value": f"{share.percent} %", "detail": of}


def _growth(label: str, growth: Growth | None, unit: str) -> dict[str, str]:
    if growth is None:
        return {"label": label, "value": "–", "detail": _("known from the second report on")}
    sign = "+" if growth.by > 0 else ""
    detail = f"{sign}{format_number(whole(growth.by))} {unit}"
    if growth.percent is None:
        return {"label": label, "value": detail, "detail": ""}
    return {"label": label, "value": f"{sign}{format_number(growth.percent)} %", "detail": detail}
