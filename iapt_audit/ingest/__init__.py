"""From a table of text to a layout that is recognised and tidy cells."""
