"""The incoming CSM takes the pack over: reads, asks, decides, says it back."""
