"""The tables of the roster: people, their vetting, what it rests on, and what keeps it honest."""

from roster.models.cases import VettingCase, VettingStep
from roster.models.experts import (
    Absence,
    Conflict,
    Expert,
    ExpertLanguage,
    SkillClaim,
    WeeklyHours,
)
from roster.models.joining import Application, Nomination, PhoneProof
from roster.models.keeping import BulkChange, CoverageAlert, Reminder, Sighting
from roster.models.news import RosterChange
from roster.models.papers import Certificate, Evaluation, Paper, Reference
from roster.models.postings import Posting
from roster.models.staying import Digest, Notice
from roster.models.words import ExpertWord

__all__ = [
    "Absence", "Application", "BulkChange", "Certificate", "Conflict", "CoverageAlert",
    "Digest", "Evaluation", "Expert", "ExpertLanguage", "ExpertWord", "Nomination", "Notice",
    "Paper", "PhoneProof", "Posting", "Reference", "Reminder", "RosterChange",
    "Sighting", "SkillClaim", "VettingCase", "VettingStep", "WeeklyHours",
]  # fmt: skip
