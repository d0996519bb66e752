"""The overlap until the incoming CSM leads: sessions, readiness, the switch."""
