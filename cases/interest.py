"""Interest as members agree it, and what it comes to in a year (handbook 5.1, legal guards)."""

from decimal import Decimal

from cases.models import RulesVersion

MONTHS = 12


def a_year(
    rate: Decimal,
    period: str = RulesVersion.Period.YEAR,
    fees: Decimal = Decimal(0),
) -> Decimal:
    """What a loan costs in % a year: 1 % a month is 12 %, fees that act as interest are added.

    `rate` is in % of the loan for a `RulesVersion.Period`, `fees` in % of the loan a year. A
    month's rate is not compounded, as village funds count it (handbook 5.1). Raises ValueError
    for another period.
    """
    months = {RulesVersion.Period.YEAR.value: 1, RulesVersion.Period.MONTH.value: MONTHS}
    if period not in months:
        raise ValueError(f"no period of interest: {period}")
    return rate * months[period] + fees
