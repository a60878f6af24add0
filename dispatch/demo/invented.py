"""Who the applicants of the demonstration are: what they typed, and the papers they handed in.

All of it is invented. Knows nothing of what becomes of an application.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dispatch.demo.papers import one_page
from roster.joining.placing import as_answer, find

INVENTED = "Invented for the demonstration."


@dataclass(frozen=True)
class Somebody:
    """An applicant: `skills` are levels by code, `days` how long ago the application came."""

    name: str
    email: str
    phone: str
    language: str
    place: str
    spoken: tuple[str, ...]
    skills: Mapping[str, str]
    days: int


NEW = Somebody(
    "Marisol Quispe", "marisol.quispe@applicants.example", "+1 202 555 0170", "es",
    "La Paz, Bolivia", ("es", "en"), {"RRC": "2", "TRN": "3"}, 0,
)  # fmt: skip
HALF = Somebody(
    "Yusuf Tandogan", "yusuf.tandogan@applicants.example", "+1 202 555 0171", "en",
    "Izmir, Turkey", ("en", "fr"), {"CIR": "3", "DRB": "2"}, 9,
)  # fmt: skip
READY = Somebody(
    "Claire Rakoto", "claire.rakoto@applicants.example", "+1 202 555 0172", "fr",
    "Antananarivo, Madagascar", ("fr", "en"), {"BCP": "3", "FIN": "2"}, 23,
)  # fmt: skip


def answers_of(who: Somebody, copy: str, now: datetime) -> dict[str, Any]:
    """What they typed, page by page, as the forms of an application keep it.

    `copy` is the public id of the paper that shows their certificate.
    """
    first = who.name.split()[0]
    levels = {f"level_{code}": [level] for code, level in who.skills.items()}
    shown = {f"evidence_{code}": ["Did it at the registry in 2021."] for code in who.skills}
    referees = {
        "name_1": ["Jo Field"], "email_1": [f"jo.{first.lower()}@referees.example"],
        "organisation_1": ["A national office"], "relation_1": ["Was my head of department"],
        "name_2": ["Sam Rivers"], "email_2": [f"sam.{first.lower()}@referees.example"],
        "organisation_2": ["A university"], "relation_2": ["Ran an exercise with me"],
    }  # fmt: skip
    place = next(iter(find(who.place).values()))
    return {
        "person": {"name": [who.name], "phone": [who.phone], "language": [who.language]},
        "base": {"place": [who.place]},
        "chosen": dict(as_answer(place, who.place)),
        "languages": {"spoken": list(who.spoken)},
        "skills": {"skills": list(who.skills)},
        "levels": levels | shown,
        "given": [_certificate(next(iter(who.skills)), copy, now)],
        "work": {"modes": ["remote", "on_site"], "scope": ["regional"], "max_missions": ["1"]},
        "conflicts": {"outside": ["Works for a national office; nothing else."]},
        "referees": referees,
        "consent": {"data": ["y"], "conduct": ["y"]},
        "consented_at": now.isoformat(),
    }


def _certificate(skill: str, copy: str, now: datetime) -> dict[str, str]:
    return {
        "name": "CBCI", "issuer": "BCI", "number": "D-4711", "issued_on": "",
        "expires_on": (now + timedelta(days=500)).date().isoformat(), "skill": skill,
        "paper": copy,
    }  # fmt: skip


def cv_of(who: Somebody) -> bytes:
    """Their CV, as a PDF."""
    return one_page(who.name, [
        who.place, "", "2015-2026  National intellectual property office, eleven years",
        "2021  Led the team that moved the register after the flood",
        "", "Languages: " + ", ".join(who.spoken), "Certificate: CBCI, number D-4711", INVENTED,
    ])  # fmt: skip


def certificate_of(who: Somebody) -> bytes:
    """The certificate that they name, as a PDF."""
    return one_page("CBCI", ["Number D-4711", f"Holder: {who.name}", "", INVENTED])
