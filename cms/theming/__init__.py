"""Themes: templates and static files, no Python."""
