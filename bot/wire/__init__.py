"""How deliveries come in: HTTP and Socket Mode, and what is no delivery of Slack's."""
