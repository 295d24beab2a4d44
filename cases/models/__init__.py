"""What work is about: territory, people, cases, and everything that a case keeps."""

from cases.models.area import Area
from cases.models.case import Case, CaseCounter
from cases.models.checklist import ChecklistTick, Defect
from cases.models.content import ProcedureContent
from cases.models.deadline import (
    Alarm,
    Deadline,
    Extension,
    Holiday,
    Ladder,
    Rung,
    RungRecord,
)
from cases.models.decision import Decision
from cases.models.document import Document
from cases.models.event import Event, EventText
from cases.models.group import Member, RulesVersion, Seat
from cases.models.imports import ImportRun, RefusedLine
from cases.models.office import Change, OfficeSetting, OpenDay
from cases.models.party import Party
from cases.models.post import Post
from cases.models.recount import Recount
from cases.models.user import User
from cases.models.work_item import WorkItem

__all__ = [
    "Alarm",
    "Area",
    "Case",
    "CaseCounter",
    "Change",
    "ChecklistTick",
    "Deadline",
    "Decision",
    "Defect",
    "Document",
    "Event",
    "EventText",
    "Extension",
    "Holiday",
    "ImportRun",
    "Ladder",
    "Member",
    "OfficeSetting",
    "OpenDay",
    "Party",
    "Post",
    "ProcedureContent",
    "Recount",
    "RefusedLine",
    "RulesVersion",
    "Rung",
    "RungRecord",
    "Seat",
    "User",
    "WorkItem",
]
