"""The plan: milestones in working days, calls, days away."""
