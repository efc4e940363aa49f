"""Views of the desk, one module for each subject; each parses, calls one service or query, renders."""

from cms.desk.views import (
    audit_log,
    departments,
    plugins,
    search_words,
    sections,
    session,
    site_settings,
    system,
    users,
)

__all__ = [
    "audit_log",
    "departments",
    "plugins",
    "search_words",
    "sections",
    "session",
    "site_settings",
    "system",
    "users",
]
