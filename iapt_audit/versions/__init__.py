"""Two versions of the same figures, side by side."""
