"""Many accounts that change hands at once."""
