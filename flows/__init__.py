"""What a handover is: pure values and rules."""
