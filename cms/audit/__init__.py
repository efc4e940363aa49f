"""Append-only, hash-chained record of who did what; it holds ids and words of ours, never personal values."""
