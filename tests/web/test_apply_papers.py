"""Papers and certificates as their sender and those who examine them see them."""

import io

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from roster.models import VettingCase
from tests.factories import make_user
from tests.roster.test_papers import A_PDF
from tests.web.applicants import Applicant
from tests.web.visitors import Visitor, words_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_before_it_leaves_papers_are_told_apart_and_certificates_say_all(
    app: Flask, session: Session
) -> None:
    applicant = Applicant(app).fill_all()
    certificate = {"name": "CBCI", "issuer": "BCI", "number": "N-77", "expires_on": "2031-05-09",
                   "skill": "BCP"}  # fmt: skip
    copy = io.BytesIO(A_PDF)
    assert applicant.fill("certificates", **certificate, file=(copy, "scan.pdf")).status_code == 303
    for number in (1, 2):
        other = A_PDF + b"%" * 2048 * number  # not the same file once more
        assert applicant.fill("cv", file=(io.BytesIO(other), "cv.pdf")).status_code == 303
    check = words_of(applicant.get("check"))
    for said in ("BCI Number: N-77 Valid until 9 May 2031", "Copy: scan.pdf (1 KB)",
                 "cv.pdf (3 KB) cv.pdf (2) (5 KB)"):  # fmt: skip
        assert said in check
    assert "cv.pdf (2)" in words_of(applicant.get("cv"))
    applicant.send()
    [case] = session.scalars(select(VettingCase))
    shown = words_of(
        Visitor(app, make_user(session, "vetter")).get(f"/vetting/{case.public_id}?lang=en")
    )
    for said in ("scan.pdf Certificate · 1 KB", "cv.pdf CV · 3 KB", "cv.pdf (2) CV · 5 KB"):
        assert said in shown
