"""Every way to fail, one tree."""
