"""The route that public forms need besides their own: the question as sound."""

from flask import Blueprint, Response

from cms.intake.question import read
from cms.intake.sound import spoken
from cms.kernel.errors import NotFound
from cms.web.state import get_cms

blueprint = Blueprint("citizens", __name__)


@blueprint.get("/question/<token>.wav")
def sound(token: str) -> Response:
    """Speak a question that this site has asked."""
    question = read(get_cms().settings.secret_key, token)
    if question is None:
        raise NotFound("question")
    return Response(spoken(question.words), mimetype="audio/wav", headers={"Cache-Control": "no-store"})
