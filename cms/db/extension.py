"""Flask-SQLAlchemy as the keeper of each app's engine and of the read session of a request.

Writing goes through :func:`cms.db.uow.unit_of_work` on the same engine, never through ``db.session``.
"""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from cms.db.base import Base
from cms.db.engine import engine_options, prepare

db = SQLAlchemy(model_class=Base)


def init_database(app: Flask, url: str) -> None:
    """Give ``app`` its engine; nothing is connected yet."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
