"""The customer's texts: the reason, drafts, the leak check, approval."""
