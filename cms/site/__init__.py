"""The public site: what citizens see. Views and typed page contexts, no rules."""

from flask import Flask

from cms.site import feeds, files, finding, standard, views
from cms.site.frame import error_page
from cms.web.errors import dress_errors


def register(app: Flask) -> None:
    """Add the public routes; the catch-all of sections and items comes last in any case, being the least special."""
    dress_errors(app, error_page)
    for module in (files, feeds, finding, standard, views):
        app.register_blueprint(module.blueprint)
