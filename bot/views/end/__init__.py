"""The end: what is open, signatures, the last-day kit, and the follow-up weeks later."""
