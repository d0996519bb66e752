"""The only package that knows Slack, time, threads and the environment."""
