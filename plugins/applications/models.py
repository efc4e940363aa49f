"""The tables of the plugin; the rest of it imports them from here."""

from .model_answers import Answer, AnswerState, AttachedFile, FileRole, RedactionJob
from .model_applications import ApplicantClass, Application, Channel, Delivery, Event, Medium, NumberSeries, Outcome
from .model_cases import Case, CaseKind, CaseResult
from .model_proceedings import Consultation, ConsultationKind, FeeNotice, Inquiry, InquiryKind, Opinion

__all__ = [
    "Answer",
    "AnswerState",
    "ApplicantClass",
    "Application",
    "AttachedFile",
    "Case",
    "CaseKind",
    "CaseResult",
    "Channel",
    "Consultation",
    "ConsultationKind",
    "Delivery",
    "Event",
    "FeeNotice",
    "FileRole",
    "Inquiry",
    "InquiryKind",
    "Medium",
    "NumberSeries",
    "Opinion",
    "Outcome",
    "RedactionJob",
]
