"""Views of the desk, one module for each subject; each parses, calls one service or query, renders."""
