"""Linear constraints on whole numbers. Nothing here knows of publications."""
