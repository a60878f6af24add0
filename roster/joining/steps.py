"""The short pages of an application in their order, and how far each of them is.

What was typed lies in `Application.answers` by page and field; whether it will do is judged anew
each time, so that a draft is never more complete than the rules of the day say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from roster.joining.forms import (
    BaseForm,
    ConflictsForm,
    ConsentForm,
    LanguagesForm,
    PersonForm,
    RefereesForm,
    SkillsForm,
    StepForm,
    WorkForm,
    levels_form,
)
from roster.joining.known import Known
from roster.models import Application

PERSON, BASE, LANGUAGES, SKILLS, LEVELS = "person", "base", "languages", "skills", "levels"
CERTIFICATES, CV, WORK, CONFLICTS = "certificates", "cv", "work", "conflicts"
REFEREES, CONSENT = "referees", "consent"
TITLES: Mapping[str, Any] = {
    PERSON: _l("About you"),
    BASE: _l("Where you are based"),
    LANGUAGES: _l("Your languages"),
    SKILLS: _l("Your skills"),
    LEVELS: _l("How well you know them"),
    CERTIFICATES: _l("Your certificates"),
    CV: _l("Your CV"),
    WORK: _l("How you can work"),
    CONFLICTS: _l("Conflicts of interest"),
    REFEREES: _l("Your referees"),
    CONSENT: _l("Consent and declaration"),
}
ORDER = tuple(TITLES)
FORMS: Mapping[str, type[StepForm]] = {
    PERSON: PersonForm,
    BASE: BaseForm,
    LANGUAGES: LanguagesForm,
    SKILLS: SkillsForm,
    WORK: WorkForm,
    CONFLICTS: ConflictsForm,
    REFEREES: RefereesForm,
    CONSENT: ConsentForm,
}
OPTIONAL = (CERTIFICATES, CV)  # pages of their own; nobody has to have any
CHOSEN, GIVEN, CONSENTED = "chosen", "given", "consented_at"  # answers that are no page of a form
HELD = "held"  # it was sent by somebody who had not come from the mail: left to who reads it
DONE, TO_DO, WRONG, FREE = "done", "to_do", "wrong", "free"


@dataclass(frozen=True)
class Draft:
    """An application, and what it may name."""

    application: Application
    known: Known
    # Whether the link came by mail, so that its reader has the address.
    by_mail: bool = False

    @property
    def answers(self) -> Mapping[str, Any]:
        """Everything that was typed so far."""
        return self.application.answers

    @property
    def is_sent(self) -> bool:
        """Whether nothing is left to do for who has this link."""
        held = HELD in self.answers and not self.by_mail
        return self.application.sent_at is not None or held

    def form_class(self, step: str) -> type[StepForm]:
        """The form of `step`; that about levels asks about the skills that were chosen."""
        if step == LEVELS:
            return levels_form([c for c in self.skills() if c in self.known.skills])
        if step == REFEREES:
            return type("OwnReferees", (RefereesForm,), {"applicant": self.application.email})
        return FORMS[step]

    def stored(self, step: str) -> StepForm | None:
        """The form of `step` as it was filled in, not judged yet; None when it never was."""
        typed = self.answers.get(step)
        return None if typed is None else self.form_class(step).of(typed, self.known)

    def skills(self) -> list[str]:
        """The codes of the skills that were chosen, in the order of their list."""
        chosen = set(self.answers.get(SKILLS, {}).get("skills", ()))
        return [code for code in self.known.skills if code in chosen]

    def place(self) -> Mapping[str, Any] | None:
        """The place that was chosen for what was typed; None when another was typed since."""
        typed = self.answers.get(BASE, {}).get("place", [""])[0].strip()
        chosen: Mapping[str, Any] | None = self.answers.get(CHOSEN)
        return chosen if chosen and chosen["typed"] == typed else None

    def certificates(self) -> list[dict[str, str]]:
        """The certificates that were added, their dates as yyyy-mm-dd."""
        return list(self.answers.get(GIVEN, ()))

    def state(self, step: str) -> str:
        """How far `step` is: DONE, TO_DO, WRONG, or FREE for what nobody has to do."""
        if step in OPTIONAL:
            return DONE if step == CERTIFICATES and self.certificates() else FREE
        form = self.stored(step)
        if form is None:
            return TO_DO
        if not form.validate() or (step == BASE and self.place() is None):
            return WRONG
        return DONE

    def states(self) -> dict[str, str]:
        """How far every page is."""
        return {step: self.state(step) for step in ORDER}

    def missing(self) -> list[str]:
        """The pages that still keep it from being sent."""
        return [step for step, state in self.states().items() if state in {TO_DO, WRONG}]

    def after(self, step: str) -> str:
        """The page to show after `step`: the next one that is not done; empty when all are."""
        states = self.states()
        place = ORDER.index(step) + 1
        following = [one for one in (*ORDER[place:], *ORDER[:place]) if states[one] != DONE]
        later = [one for one in following if states[one] != FREE or ORDER.index(one) >= place]
        return later[0] if later else ""
