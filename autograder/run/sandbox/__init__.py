"""run/sandbox."""
