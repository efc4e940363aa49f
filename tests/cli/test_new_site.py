"""A new site, made by a process of its own: what is imported for the first time there has to load as well."""

import json


def test_every_bundled_plugin_is_enabled_in_a_new_site(tmp_path, command):
    command(tmp_path / "site", "init")

    listed = json.loads(command(tmp_path / "site", "plugin", "list", "--json"))

    assert {(one["key"], one["state"], one["error"]) for one in listed if one["state"] != "enabled"} == set()
    assert {"applications", "letters", "disclosure_report"} <= {one["key"] for one in listed}
