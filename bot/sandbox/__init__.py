"""A strict pocket Slack for the demo and the tests."""
