"""Whom a duty officer may still ask for a request, whom they asked already, and what nobody has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.reference.models import Language
from dispatch.case import need_for
from dispatch.choosing import candidates
from dispatch.choosing.asked import asked_already
from dispatch.models import CrisisRequest, Offer
from dispatch.policies import policy_for
from dispatch.progress import first_sent
from dispatch.views.reasons import name_of
from dispatch.views.words import skill_names
from dispatch.wording.catalogue import _
from roster.directory.lacking import Lack, lack_of
from roster.rules.terms import Need


@dataclass(frozen=True)
class Asked:
    """Somebody who still passes every filter, and has had their `offer` at `at` (UTC)."""

    candidate: Mapping[str, Any]
    offer: Offer
    at: datetime


@dataclass(frozen=True)
class NextOnes:
    """The first who `could` be asked, as in the API, and those who were; whom nothing helps:
    `excluded`. `needed` says what is asked for, `lacking` what of it nobody has."""

    could: list[Mapping[str, Any]]
    asked: list[Asked]
    excluded: Mapping[str, Any]
    needed: str
    lacking: list[str]


def next_ones(session: Session, crisis: CrisisRequest, now: datetime, shown: int) -> NextOnes:
    """At most `shown` who could be asked, however many were asked before."""
    need, _skills = need_for(session, crisis, policy_for(session, crisis.severity).hours)
    had = asked_already(session, crisis)
    latest = {one.expert.public_id: one for one in crisis.offers if one.expert_id in had}
    seen = candidates.describe(session, crisis, now, limit=shown + len(latest))
    could, asked = [], []
    for one in seen["candidates"]:
        offer = latest.get(one["expert"])
        if offer is None:
            could.append(one)
        else:
            asked.append(Asked(one, offer, first_sent(offer) or offer.created_at))
    lacking = [] if seen["candidates"] else lacking_words(lack_of(session, need, now), need)
    return NextOnes(could[:shown], asked, seen["excluded"], needed_words(need), lacking)


def needed_words(need: Need) -> str:
    """Which skills and languages are asked for, in a sentence."""
    if not need.languages:
        return _("Needed: %(skills)s.", skills=skill_names(need.skills))
    return _(
        "Needed: %(skills)s. One of these languages: %(languages)s.",
        skills=skill_names(need.skills), languages=_languages(need),
    )  # fmt: skip


def lacking_words(lack: Lack, need: Need) -> list[str]:
    """What nobody has, a sentence each; nothing when somebody has it all."""
    said = [
        _("Nobody on the roster has this skill: %(skill)s.", skill=skill_names([skill]))
        for skill in lack.skills
    ]
    skills, languages = skill_names(need.skills), _languages(need)
    if lack.together and not lack.skills:
        said.append(_("Nobody on the roster has all of these skills: %(skills)s.", skills=skills))
    if lack.language:
        said.append(_("Nobody on the roster speaks one of: %(languages)s.", languages=languages))
    elif lack.both and not lack.together:
        said.append(
            _(
                "Nobody on the roster with these skills (%(skills)s) speaks one of: %(languages)s.",
                skills=skills, languages=languages,
            )
        )  # fmt: skip
    return said


def _languages(need: Need) -> str:
    return ", ".join(name_of(Language, code) for code in sorted(need.languages))
