"""The editors' desk (工作台)."""

from flask import Flask

from cms.desk import views
from cms.desk.blueprint import blueprint

__all__ = ["register", "views"]


def register(app: Flask) -> None:
    """Add the desk to ``app``."""
    app.register_blueprint(blueprint)
