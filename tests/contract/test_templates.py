"""Every template of the product compiles, whoever would have rendered it."""


def test_every_template_compiles(app):
    names = [name for name in app.jinja_env.list_templates() if name.endswith((".html", ".xml")) and ":" not in name]

    assert len(names) > 60
    for name in names:
        app.jinja_env.get_template(name)
