"""The reference implementations of the course. Each subpackage is imported by its own name."""
