"""The pages for administrators: settings and permissions."""

import dataclasses
from collections.abc import Iterator

from cms.accounts.policy import EXCLUSIVE, ROLE_LABELS, Policy, Role
from cms.cli.reference import declarations as said
from cms.cli.reference.bundled import bundled_plugins
from cms.cli.reference.markdown import code, table
from cms.config import Settings
from cms.intake.settings import TAB as INTAKE
from cms.search.words import SearchWords
from cms.settings.declaration import declared
from cms.settings.services import SiteSettings


def settings_page() -> Iterator[str]:
    """Yield the page of settings: those of the installation, then those that the office changes in the desk."""
    yield "# Settings"
    yield (
        "How a site runs. Defaults < `config.toml` in the site folder < `CMS_*` variables. An unknown key or variable "
        "is an error, and all problems are reported at once. `CMS_SITE` names the site folder."
    )
    rows = (
        (code(one.name), code(f"CMS_{one.name.upper()}"), _default(one.default), one.text)
        for one in said.fields_of(Settings)
        if one.name != "site"
    )
    yield table(("Key", "Variable", "Default", "Meaning"), rows)
    yield "# Settings of the content"
    yield (
        "What the office changes in the desk, kept in the database. Each is declared once; form, check and warnings "
        "follow from the declaration."
    )
    tabs = [INTAKE, *(tab for plugin in bundled_plugins().values() for tab in plugin.settings)]
    for kind in (SiteSettings, SearchWords, *(tab.settings for tab in tabs)):
        yield f"## `{kind.__name__}`"
        yield said.paragraphs(kind)
        values = {field.name: field.default for field in dataclasses.fields(kind)}
        yield table(
            ("Name", "Label", "Group", "Default", "Help"),
            ((code(one.name), one.label, one.group, code(repr(values[one.name])), one.help) for one in declared(kind)),
        )


def _default(source: str) -> str:
    """Return the default of a field as the source spells it."""
    return code(source.removeprefix("field(default=").split(",", 1)[0] if source.startswith("field(") else source)


def permissions_page() -> Iterator[str]:
    """Yield the page of roles and permissions, those of bundled plugins included."""
    policy, owners = Policy(), {}
    for key, plugin in bundled_plugins().items():
        for permission, roles in plugin.permissions.items():
            policy.grant(permission, roles)
            owners[permission] = key
    yield "# Permissions"
    yield (
        "Several roles of one account add up. Services ask for the permission, so the desk, the command line and the "
        f"API behave alike. An account has at most one of {', '.join(map(code, sorted(EXCLUSIVE)))} (三员分立)."
    )
    yield table(("Role", "中文"), ((code(role), ROLE_LABELS[role]) for role in Role))
    rows = (
        (
            code(name),
            owners.get(name, "core"),
            *(("✓" if name in policy.of(frozenset({role})) else "") for role in Role),
        )
        for name in sorted(policy.permissions)
    )
    yield table(("Permission", "Owner", *map(code, Role)), rows)
