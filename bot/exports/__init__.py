"""The brief as something to keep or pass on: each format pure, made from what a viewer may read."""
