"""The bare floor under a sweep: the same rows written by a plain loop, without a single rule.

It claims batches with SKIP LOCKED, loops over them in Python and writes three statements, as the
sweep does: the outbox, the records of the rungs, the deadlines. Whom to tell, what to say and when
the next rung is due are not asked: each owner hears the same words.
"""

import json
from datetime import datetime
from typing import Any

import psycopg

BATCH = 500

CLAIM = """
SELECT deadline.id, matter.number, item.owner_id
FROM cases_deadline AS deadline
JOIN cases_case AS matter ON matter.id = deadline.case_id
JOIN cases_workitem AS item ON item.id = deadline.work_item_id
WHERE deadline.next_at <= %s ORDER BY deadline.next_at LIMIT %s
FOR NO KEY UPDATE OF deadline SKIP LOCKED
"""
TELL = """
INSERT INTO notifications_message (key, to_id, channel, template, context, queued_at, try_at,
    attempts, error, urgent, bell, bundle)
SELECT key, to_id, 'EMAIL', 'reminder', context, %s, now(), 0, '', false, true, ''
FROM json_to_recordset(%s) AS row(key text, to_id bigint, context jsonb)
ON CONFLICT (key) DO NOTHING
"""
RECORD = """
INSERT INTO cases_rungrecord (deadline_id, position, outcome, role, receiver_id, reason,
    message_key, planned_at, at, repeat)
SELECT deadline_id, 0, 'FIRED', 'FIELD_OFFICER', to_id, '', key, %s, %s, 0
FROM json_to_recordset(%s) AS row(deadline_id bigint, to_id bigint, key text)
"""
MOVE = """
UPDATE cases_deadline AS deadline SET rung = 1, next_at = %s
FROM unnest(%s::bigint[]) AS move(id) WHERE deadline.id = move.id
"""


def until_done(
    connection: psycopg.Connection, *, at: datetime, next_at: datetime, words: dict[str, Any]
) -> int:
    """Write what a sweep at `at` writes, `words` as each message's context; how many deadlines."""
    moved = 0
    while True:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(CLAIM, [at, BATCH])
            claimed = cursor.fetchall()
            if not claimed:
                return moved
            messages = [
                {
                    "key": f"floor:{deadline}:0:{owner}",
                    "deadline_id": deadline,
                    "to_id": owner,
                    "context": {**words, "case": number, "url": f"/cases/{number}/"},
                }
                for deadline, number, owner in claimed
            ]
            records = [{**message, "context": None} for message in messages]
            cursor.execute(TELL, [at, json.dumps(messages)])
            cursor.execute(RECORD, [at, at, json.dumps(records)])
            cursor.execute(MOVE, [next_at, [deadline for deadline, _, _ in claimed]])
        moved += len(claimed)
