"""The one tree of errors that the product raises on purpose; cms.web.errors turns it into HTTP."""

from collections.abc import Mapping, Sequence


class CmsError(Exception):
    """Something that has a clear explanation; never shown as a traceback."""


class NotFound(CmsError):  # noqa: N818 — reads as the outcome it is, like HTTP's own names
    """The thing asked for does not exist, or the asker may not know that it does (404)."""


class Gone(CmsError):  # noqa: N818 — as above
    """The page was published once and has been withdrawn (410)."""


class NotAllowed(CmsError):  # noqa: N818 — as above
    """A permission or a check refused (403, or a message above the form).

    ``problems`` are whole sentences for the person who tried.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class Invalid(CmsError):  # noqa: N818 — as above
    """Input that breaks rules (422): all problems at once, by field; ``""`` holds those of no single field."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(lines)}" for name, lines in errors.items()))
        self.errors: dict[str, list[str]] = {name: list(lines) for name, lines in errors.items()}


class Conflict(CmsError):  # noqa: N818 — as above
    """Somebody else saved the same thing first (409)."""


class ConfigError(CmsError):
    """The site cannot start as configured; ``problems`` lists every one of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("The configuration has problems:\n" + "\n".join(f"  - {line}" for line in problems))
        self.problems = list(problems)


class PluginError(CmsError):
    """A plugin cannot be used; shown in the plugin list of the desk."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem


class Unavailable(CmsError):  # noqa: N818 — as above
    """A part of the site is out of service for now, for instance the search index (503)."""
