"""Runs a submission: the launcher (trusted) and the worker (untrusted)."""
