"""`handover doctor`: what is set and where it runs, looked at as an operator would."""
