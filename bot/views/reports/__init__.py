"""Many handovers at a glance: digests, reports, lessons."""
