"""The bench measures what it names, at a tiny size; how fast it is, is not asked here."""

import json

import pytest

from tests.bench.__main__ import measure
from tests.bench.rows import SECONDS, Row, table


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_every_row_is_measured_and_compared() -> None:
    rows = list(measure(deadlines=400, timers=3))
    assert [row.name for row in rows] == [
        "sweep beside bare floor",
        "sweep beside viewflow timers",
        "recount beside bare update",
    ]
    for row in rows:
        found = json.loads(row.as_json())
        assert set(found) == {"name", "unit", "ours", "peer", "ratio"}
        assert min(found["ours"], found["peer"], found["ratio"]) >= 0
    assert rows[0].ours == rows[1].ours


def test_larger_is_better_for_rates_and_for_times() -> None:
    rate, time = Row("a rate", "1/s", 300.0, 100.0), Row("a time", SECONDS, 2.0, 8.0)
    assert (rate.ratio, time.ratio) == (3.0, 4.0)
    assert json.loads(time.as_json()) == {
        "name": "a time",
        "unit": "s",
        "ours": 2.0,
        "peer": 8.0,
        "ratio": 4.0,
    }
    assert table([rate, time]).splitlines()[1:] == [
        "a rate  300.0  100.0   1/s   3.00",
        "a time    2.0    8.0     s   4.00",
    ]
