"""What is sent of many handovers: digests, reports, lessons."""
