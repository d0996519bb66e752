"""The customer: what they are sent and say, who of them knows, how they seem."""
