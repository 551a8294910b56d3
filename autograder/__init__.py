"""Marks notebooks: student code runs in one process, marking in another."""
