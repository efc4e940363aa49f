"""The tables of the plugin; the rest of it imports them from here."""

from .model_answers import Answer, AnswerState, RedactionJob
from .model_applications import ApplicantClass, Application, Channel, Delivery, Event, Medium, NumberSeries, Outcome
from .model_cases import Case, CaseKind, CaseResult
from .model_proceedings import Consultation, ConsultationKind, FeeNotice, Inquiry, InquiryKind, Opinion

__all__ = [
    "Answer",
    "AnswerState",
    "ApplicantClass",
    "Application",
    "Case",
    "CaseKind",
    "CaseResult",
    "Channel",
    "Consultation",
    "ConsultationKind",
    "Delivery",
    "Event",
    "FeeNotice",
    "Inquiry",
    "InquiryKind",
    "Medium",
    "NumberSeries",
    "Opinion",
    "Outcome",
    "RedactionJob",
]
