"""What should have become of every rung, by one statement of SQL, beside what became of it.

Nothing of the sweep is used here: working days, whom a rung reaches and which rungs are overtaken
by a later one are counted anew from the ladder, the deadlines, the holidays and the posts. All
posts of the torture are held by people with an address, so nobody is passed over.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import connection
from django.utils import timezone

from notifications.channels.email import message_id

EXPECTED = """
CREATE TEMPORARY TABLE expected AS
WITH working_day AS (
    SELECT series.day::date, row_number() OVER (ORDER BY series.day) AS number
    FROM generate_series(%(today)s::date - 90, %(today)s::date + 90, '1 day') AS series(day)
    WHERE extract(isodow FROM series.day) < 6 AND NOT EXISTS (
        SELECT FROM cases_holiday AS off
        WHERE off.country = 'TH' AND off.day = series.day::date AND NOT off.removed)
), planned AS (
    SELECT deadline.id AS deadline_id, rung.position, rung.receiver, rung.above, ladder.line,
        matter.area_id, item.owner_id,
        (SELECT day FROM working_day WHERE number = rung.offset_working_days + CASE
            WHEN rung.offset_working_days < 0
            THEN (SELECT min(number) FROM working_day WHERE day >= deadline.due_on)
            ELSE (SELECT max(number) FROM working_day WHERE day <= deadline.due_on) END
        ) + time '08:30' AS at
    FROM cases_deadline AS deadline
    JOIN cases_ladder AS ladder ON ladder.id = deadline.ladder_id
    JOIN cases_rung AS rung ON rung.ladder_id = ladder.id
    JOIN cases_case AS matter ON matter.id = deadline.case_id
    JOIN cases_workitem AS item ON item.id = deadline.work_item_id
    WHERE deadline.id BETWEEN %(first)s AND %(last)s
), due AS (
    SELECT planned.*, EXISTS (
        SELECT FROM planned AS later
        WHERE later.deadline_id = planned.deadline_id AND later.position > planned.position
        AND (later.receiver, later.above) = (planned.receiver, planned.above)
        AND later.at <= %(now)s AT TIME ZONE 'Asia/Bangkok') AS overtaken
    FROM planned JOIN cases_deadline AS deadline ON deadline.id = planned.deadline_id
    WHERE planned.at <= %(now)s AT TIME ZONE 'Asia/Bangkok'
    AND planned.at > (deadline.ledger->0->>'at')::timestamptz AT TIME ZONE 'Asia/Bangkok'
)
SELECT deadline_id, position, 'SKIPPED' AS outcome, NULL::bigint AS receiver_id
FROM due WHERE overtaken
UNION ALL
SELECT deadline_id, position, 'FIRED', owner_id
FROM due WHERE NOT overtaken AND receiver = 'ASSIGNEE'
UNION ALL
SELECT deadline_id, position, 'FIRED', post.user_id
FROM due JOIN cases_post AS post
ON starts_with(due.area_id, post.area_id) AND due.line->'TH'->due.above ? post.role
WHERE NOT overtaken AND receiver = 'ABOVE'
"""

# What became of the rungs; an empty post beside one that is held is told of, but not asked for.
BECAME = """
CREATE TEMPORARY TABLE became AS
SELECT record.deadline_id, record.position, record.outcome, record.receiver_id,
    record.message_key, count(*) AS times
FROM cases_rungrecord AS record
WHERE deadline_id BETWEEN %(first)s AND %(last)s AND reason <> 'nobody_holds_post'
GROUP BY 1, 2, 3, 4, 5
"""

RUNGS = "SELECT count(*) FROM (SELECT DISTINCT deadline_id, position FROM expected) AS rung"

# Of every rung that should have fired: is it there, was its message written?
LOST = """
SELECT count(*) FROM expected
LEFT JOIN became ON (became.deadline_id, became.position, became.outcome)
    = (expected.deadline_id, expected.position, expected.outcome)
    AND became.receiver_id IS NOT DISTINCT FROM expected.receiver_id
LEFT JOIN notifications_message AS message ON message.key = became.message_key
WHERE became.times IS NULL OR (expected.outcome = 'FIRED' AND (
    message.sent_at IS NULL OR message.to_id <> expected.receiver_id))
"""

# Whatever stands there more than once, or should not stand there at all.
DOUBLED = """
SELECT coalesce(sum(CASE WHEN expected.deadline_id IS NULL THEN times ELSE times - 1 END), 0)
FROM (
    SELECT deadline_id, position, outcome, receiver_id, sum(times) AS times
    FROM became GROUP BY 1, 2, 3, 4
) AS became
LEFT JOIN expected ON (became.deadline_id, became.position, became.outcome)
    = (expected.deadline_id, expected.position, expected.outcome)
    AND became.receiver_id IS NOT DISTINCT FROM expected.receiver_id
"""

# Messages about the same case, to the same person, in the same words, under several keys.
SAME = """
SELECT coalesce(sum(times - 1), 0) FROM (
    SELECT count(*) AS times FROM notifications_message AS message
    JOIN cases_case AS matter ON matter.number = message.context->>'case'
    JOIN cases_deadline AS deadline ON deadline.case_id = matter.id
    WHERE deadline.id BETWEEN %(first)s AND %(last)s
    GROUP BY deadline.id, message.to_id, message.template
) AS matter
"""

SENT = """
SELECT DISTINCT coalesce(nullif(message.bundle, ''), message.key)
FROM became JOIN notifications_message AS message ON message.key = became.message_key
WHERE message.sent_at IS NOT NULL
"""


@dataclass
class Verdict:
    """Of one round: rungs that were due, and what went wrong with how many."""

    rungs: int = 0
    lost: int = 0
    doubled: int = 0
    wire_duplicates: int = 0
    found: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(
            self.rungs + other.rungs,
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.wire_duplicates + other.wire_duplicates,
        )

    def counts(self) -> dict[str, int]:
        """For the line of JSON."""
        return {name: value for name, value in asdict(self).items() if name != "found"}


def judge(first: int, last: int, *, now: datetime, came: Mapping[str, int]) -> Verdict:
    """Judge the deadlines from key `first` to `last`, all rungs up to `now`.

    Args:
        came: how often each Message-ID came over the wire.
    """
    about = {"first": first, "last": last, "now": now, "today": timezone.localdate(now)}
    with connection.cursor() as cursor:

        def number(query: str) -> int:
            cursor.execute(query, about)
            return int(cursor.fetchone()[0])

        cursor.execute("DROP TABLE IF EXISTS expected, became")
        cursor.execute(EXPECTED, about)
        cursor.execute(BECAME, about)
        cursor.execute("ANALYZE expected, became")
        cursor.execute(SENT)
        sent = {message_id(key) for (key,) in cursor.fetchall()}
        found = {
            "lost rungs": number(LOST),
            "sent but not on the wire": len(sent - came.keys()),
            "doubled rungs": number(DOUBLED),
            "doubled messages": number(SAME),
            "unknown letters": sum(came[letter] for letter in came.keys() - sent),
        }
        return Verdict(
            rungs=number(RUNGS),
            lost=found["lost rungs"] + found["sent but not on the wire"],
            doubled=found["doubled rungs"] + found["doubled messages"] + found["unknown letters"],
            wire_duplicates=sum(Counter(came).values()) - len(came),
            found={what: count for what, count in found.items() if count},
        )
