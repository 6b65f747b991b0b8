"""What was found as JSON."""
