"""The editors' desk (工作台)."""

from flask import Flask

from cms.desk import views
from cms.desk.blueprint import blueprint
from cms.desk.contexts import desk_values
from cms.web.render import set_desk_frame

__all__ = ["register", "views"]


def register(app: Flask) -> None:
    """Add the desk to ``app``."""
    app.register_blueprint(blueprint)
    set_desk_frame(app, desk_values)
