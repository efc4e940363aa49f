"""The one blueprint of the desk; view modules add their routes to it when they are imported."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
