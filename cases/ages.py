"""How old somebody is, and whether they are a minor (handbook 5.1, exceptions)."""

from datetime import date

OLDEST = 120  # years; a date of birth before is a slip of the pen


def age_on(born: date, day: date) -> int:
    """Whole years lived on `day`; whoever was born on 29 February is older from 1 March on.

    Negative before the birth.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_minor(born: date, day: date, majority: int) -> bool:
    """Whether somebody has not reached `majority` years on `day`; on the birthday they have."""
    return age_on(born, day) < majority
