"""Why somebody was told or passed over, as `RungRecord.reason` keeps it."""


class Reason:
    """Codes; their words stand in `cases.escalation_words`."""

    NOBODY_HOLDS_POST = "nobody_holds_post"
    NOT_ACTIVE = "not_active"
    NO_ADDRESS = "no_address"
    IS_THE_DOER = "is_the_doer"  # nobody hears about themselves as somebody's supervisor
    TOLD_ALREADY = "told_already"  # just now, by another rung of the same deadline
    OVERTAKEN = "overtaken"  # a later rung for the same receiver is due as well
    END_OF_LINE = "end_of_line"  # nobody was left to tell
    ACKNOWLEDGED = "acknowledged"  # not told again: it was seen, and work went on
    NO_WORK_SINCE = "no_work_since"  # told again: it was seen, and nothing happened
