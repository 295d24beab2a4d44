"""Interest a year: months converted, fees added, nothing compounded (handbook 5.1)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.interest import a_year
from cases.models import RulesVersion

Period = RulesVersion.Period
rates = st.decimals(0, 999, places=2)


def test_one_per_cent_a_month_is_twelve_a_year() -> None:
    assert a_year(Decimal(1), Period.MONTH) == 12


def test_fees_that_act_as_interest_are_added() -> None:
    assert a_year(Decimal("1.25"), Period.MONTH, Decimal("0.5")) == Decimal("15.5")


@given(rates, rates)
def test_a_year_is_as_agreed_with_its_fees(rate: Decimal, fees: Decimal) -> None:
    assert a_year(rate, Period.YEAR, fees) == rate + fees


@given(rates, rates)
def test_a_month_counts_twelve_times(rate: Decimal, fees: Decimal) -> None:
    assert a_year(rate, Period.MONTH, fees) == a_year(12 * rate, Period.YEAR, fees)


@given(rates, rates, rates, st.sampled_from(Period.values))
def test_more_interest_or_more_fees_never_cost_less(
    rate: Decimal, more: Decimal, fees: Decimal, period: str
) -> None:
    assert a_year(rate + more, period, fees) >= a_year(rate, period, fees)
    assert a_year(rate, period, fees + more) >= a_year(rate, period, fees)


@given(rates)
def test_what_is_lawful_a_month_is_at_most_a_twelfth(rate: Decimal) -> None:
    assert (a_year(rate, Period.MONTH) <= 15) == (rate <= Decimal("1.25"))


def test_another_period_is_refused() -> None:
    with pytest.raises(ValueError, match="WEEK"):
        a_year(Decimal(1), "WEEK")
