"""What people see: pure builders from the neutral model to Slack's Block Kit."""
