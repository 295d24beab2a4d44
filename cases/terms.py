"""Terms of office: from a day for so many months (handbook 5.1.1)."""

import calendar
from datetime import date, timedelta


def last_day(starts: date, months: int) -> date:
    """The last day of a term of `months` that begins on `starts`.

    The day before the same day of the month: 24 months from 5 March 2026 end on 4 March 2028.
    Where that month is shorter the term ends with it, so from 31 August six months end in
    February.
    """
    year, month = divmod(starts.year * 12 + starts.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    if starts.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, starts.day) - timedelta(days=1)
