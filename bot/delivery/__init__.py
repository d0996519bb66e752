"""How what is to be said reaches Slack: once, in order, at a pace, whatever dies in between."""
