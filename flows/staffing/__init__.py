"""Who is on a handover: the start, the answer to it, and changes on the way."""
