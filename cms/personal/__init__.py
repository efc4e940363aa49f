"""Personal data of citizens: sealed at rest, opened with a trace, masked in lists and texts, erased in time."""
