"""What was found as text: terminal, Markdown, CSV."""
