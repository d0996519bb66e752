"""What of a handover changes all the time, so that the rest is not worked out again each time."""

ASKING = frozenset({"interviews", "seq"})
"""What changes when the next question is put."""

ANSWERING = ASKING | {
    "answers",
    "asks",
    "check_ins",
    "follow_ups",
    "found",
    "prefilled",
    "records",
    "unsorted",
}
"""What changes with an answer."""

UNLISTED = ANSWERING - {"records"}
"""What changes with an answer that lists nothing."""
