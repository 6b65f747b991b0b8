"""The stages: what is judged of published figures, and what is found."""
