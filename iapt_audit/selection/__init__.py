"""What a reader asked to see, and what was left out for it."""
