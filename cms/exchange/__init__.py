"""Import and export: JSON lines, one record a line, resumable, with errors that name their line."""
