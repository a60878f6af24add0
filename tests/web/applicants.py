"""Somebody who applies, page by page, as a browser without scripts would."""

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.web.visitors import Visitor

EMAIL, PHONE = "amina@example.org", "+254712345678"
EVIDENCE = "Rebuilt the register of a flooded office in 2019."
PAGES: dict[str, dict[str, Any]] = {
    "person": {"name": "Amina Otieno", "phone": "+254 712 345 678", "language": "fr"},
    "base": {"place": "Nairobi, Kenya"},
    "languages": {"spoken": ["en", "fr"], "others": "Swahili"},
    "skills": {"skills": ["BCP", "RRC"]},
    "levels": {
        "level_BCP": "2", "evidence_BCP": "Wrote two continuity plans.",
        "level_RRC": "3", "evidence_RRC": EVIDENCE,
    },
    "work": {"modes": ["remote", "on_site"], "scope": "regional", "max_missions": "1"},
    "conflicts": {"places": "Uganda, ARIPO", "outside": "Partner of a firm in Nairobi."},
    "referees": {
        "name_1": "Jo Field", "email_1": "jo@referee.example", "organisation_1": "KIPI",
        "relation_1": "Was my manager", "name_2": "Sam Rivers", "email_2": "sam@referee.example",
        "organisation_2": "WIPO", "relation_2": "Worked with me in 2019",
    },
    "consent": {"data": "y", "conduct": "y"},
}  # fmt: skip


class Applicant:
    """A browser that holds the link of one draft."""

    def __init__(self, app: Flask, email: str = EMAIL, **begun: str) -> None:
        self.visitor = Visitor(app)
        answer = self.visitor.post("/apply", page="/apply", email=email, **begun)
        assert answer.status_code == 303, answer.text
        self.link = str(answer.location)

    def get(self, page: str = "") -> TestResponse:
        """Opens one page."""
        return self.visitor.get(self.link + page)

    def fill(self, page: str, **answers: Any) -> TestResponse:
        """Sends a page: the usual answers with `answers` over them."""
        given = {**PAGES.get(page, {}), **answers}
        answer = self.visitor.post(self.link + page, page="/apply", **given)
        answer.request.environ["wsgi.input"].close()  # a large one is a file
        return answer

    def choose(self, number: int = 0) -> TestResponse:
        """Chooses one of the places that were found."""
        path = self.link + "base/which"
        found = re.findall(r'name="which"[^>]*value="([^"]+)"', self.visitor.get(path).text)
        return self.visitor.post(path, page=path, which=found[number])

    def fill_all(self, **changed: dict[str, Any]) -> "Applicant":
        """Everything that is needed; `changed` answers by page."""
        for page in PAGES:
            answer = self.fill(page, **changed.get(page, {}))
            assert answer.status_code == 303, (page, answer.text)
            if page == "base":
                assert self.choose().status_code == 303
        return self

    def send(self) -> TestResponse:
        """Sends the application."""
        return self.visitor.post(self.link + "check", page="/apply")
