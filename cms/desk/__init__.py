"""The editors' desk (工作台)."""

from flask import Flask

from cms.desk.views import session


def register(app: Flask) -> None:
    """Add the desk to ``app``."""
    app.register_blueprint(session.blueprint)
