"""The pages about reference rows, and an office's own page: who sees, who changes, what is kept."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.audit import AuditRow
from core.reference.models import CrisisKind, Language, Office, Service, Skill
from core.reference.pages import TABLES
from tests import factories
from tests.core.people import GOOD, sign_in, token_of
from tests.pages import fields_of

ROWS = {"offices": "KE", "regions": "AFR", "languages": "fr", "skills": "BCP", "kinds": "WAR",
        "services": "PAT"}  # fmt: skip


def be(client: FlaskClient, session: Session, role: str, office: str = "") -> None:
    """Signs somebody with `role` in."""
    user = factories.make_user(session, role, office=office, password=GOOD)
    sign_in(client, user.email)


def typed(page: TestResponse) -> dict[str, list[str] | str]:
    """What a browser would send back of the form on `page`, unchanged."""
    return fields_of(page.text) | {"csrf_token": token_of(page)}


def last_audit(session: Session) -> AuditRow:
    return session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).one()


def test_an_administrator_sees_all_tables(client: FlaskClient, session: Session) -> None:
    be(client, session, "admin")
    index = client.get("/admin/reference/")
    assert "200 rows" in index.text
    assert 'href="/admin/reference/"' in client.get("/admin/").text
    for slug, code in ROWS.items():
        assert f"/admin/reference/{slug}/" in index.text
        rows = client.get(f"/admin/reference/{slug}/")
        assert f"/admin/reference/{slug}/{code}" in rows.text
        assert client.get(f"/admin/reference/{slug}/{code}").status_code == 200
    assert client.get("/admin/reference/nothing/").status_code == 404
    assert client.get("/admin/reference/skills/NONE").status_code == 404


def test_saving_a_form_unchanged_changes_nothing(client: FlaskClient, session: Session) -> None:
    be(client, session, "admin")
    before = last_audit(session).id
    for slug, table in TABLES.items():
        path = f"/admin/reference/{slug}/{ROWS[slug]}"
        answer = client.post(path, data=typed(client.get(path)))
        assert answer.status_code == 302, answer.text
        assert last_audit(session).id == before
        assert session.get_one(table.model, ROWS[slug]).edited == []


def test_a_change_is_stored_marked_and_audited(client: FlaskClient, session: Session) -> None:
    be(client, session, "admin")
    path = "/admin/reference/skills/BCP"
    client.post(path, data=typed(client.get(path)) | {"names_fr": "Plan", "position": "7"})
    skill = session.get_one(Skill, "BCP")
    assert (skill.names["fr"], skill.position) == ("Plan", 7)
    assert skill.edited == ["names", "position"]
    row = last_audit(session)
    assert (row.action, row.subject) == ("reference.edited", "skill:BCP")
    assert row.payload is not None
    assert row.payload["before"]["position"] == 1
    assert row.payload["after"]["position"] == 7


def test_the_skills_of_a_kind_can_be_changed(client: FlaskClient, session: Session) -> None:
    be(client, session, "admin")
    path = "/admin/reference/kinds/WAR"
    form = typed(client.get(path))
    assert "RRC" in form["first"]
    change = {"first": ["COM", "LEG"], "then": ["TRN"], "affected_radius_km": "12.5",
              "lead_skill": "COM"}  # fmt: skip
    assert client.post(path, data=form | change).status_code == 302
    kind = session.get_one(CrisisKind, "WAR")
    assert (kind.lead_skill, kind.affected_radius_km) == ("COM", 12.5)
    again = typed(client.get(path))
    assert (sorted(again["first"]), again["then"]) == (["COM", "LEG"], ["TRN"])


REFUSED = (
    ("skills", {"names_en": ""}, "Enter the English name."),
    ("skills", {"position": "many"}, "Not a valid integer value"),
    ("kinds", {"first": ["COM"], "then": ["COM"]}, "Chosen twice: COM"),
    ("kinds", {"lead_skill": "NONE"}, "Not a valid choice"),
    ("offices", {"lat": "91"}, "Enter a number from -90 to 90."),
    ("offices", {"time_zone": "Mars/Olympus"}, "There is no such time zone."),
    ("offices", {"contact_phone": "12"}, "This cannot be a phone number."),
    ("offices", {"contact_email": "nobody"}, "This is not an e-mail address."),
    ("offices", {"dial_prefix": "254"}, "Write a plus sign"),
)


def test_what_cannot_be_is_refused_and_kept_on_the_page(
    client: FlaskClient, session: Session
) -> None:
    be(client, session, "admin")
    for slug, change, says in REFUSED:
        path = f"/admin/reference/{slug}/{ROWS[slug]}"
        answer = client.post(path, data=typed(client.get(path)) | {"names_ru": "Имя"} | change)
        assert answer.status_code == 400
        assert says in answer.text
        assert 'value="Имя"' in answer.text
        assert session.get_one(TABLES[slug].model, ROWS[slug]).edited == []


def test_a_language_can_be_added(client: FlaskClient, session: Session) -> None:
    be(client, session, "admin")
    path = "/admin/reference/languages/new"
    form = typed(client.get(path)) | {"code": "rap", "names_en": "Rapanui"}
    assert client.post(path, data=form).status_code == 302
    assert session.get_one(Language, "rap").names == {"en": "Rapanui"}
    assert "already a row" in client.post(path, data=form).text
    assert client.post(path, data=form | {"code": ""}).status_code == 400
    assert client.post(path, data=form | {"code": "a b"}).status_code == 400
    assert client.get("/admin/reference/offices/new").status_code == 404


def test_an_auditor_looks_and_changes_nothing(client: FlaskClient, session: Session) -> None:
    be(client, session, "auditor")
    path = "/admin/reference/skills/BCP"
    page = client.get(path)
    assert page.status_code == 200
    assert "<fieldset" in page.text
    assert " disabled" in page.text
    assert client.post(path, data=typed(page)).status_code == 403
    assert client.get("/admin/reference/skills/new").status_code == 403


def test_nobody_else_sees_the_tables(app: Flask, session: Session) -> None:
    for role in ("focal_point", "expert", "vetter", "duty_officer"):
        client = app.test_client()
        be(client, session, role)
        assert client.get("/admin/reference/").status_code == 403
        assert client.get("/admin/reference/skills/BCP").status_code == 403


def test_a_focal_point_edits_the_profile_of_the_own_office(
    client: FlaskClient, session: Session
) -> None:
    be(client, session, "focal_point", office="KE")
    assert client.get("/office/").headers["Location"] == "/office/KE"
    page = client.get("/office/KE")
    change = {
        "contact_email": "help@office.test", "contact_phone": "020 555 0100",
        "address": "One Road\r\nNairobi", "languages": ["sw"], "another_language": "so",
        "critical_services": ["TM", "ICT"],
    }  # fmt: skip
    assert client.post("/office/KE", data=typed(page) | change).status_code == 302
    office = session.get_one(Office, "KE")
    assert office.contact_email == "help@office.test"
    assert office.contact_phone == "+254205550100"
    assert office.address == "One Road\nNairobi"
    assert office.languages == ["sw", "so"]
    assert office.critical_services == ["TM", "ICT"]
    assert last_audit(session).subject == "office:KE"
    again = typed(client.get("/office/KE"))
    assert again["languages"] == ["sw", "so"]


def test_a_focal_point_cannot_touch_another_office_or_other_columns(
    client: FlaskClient, session: Session
) -> None:
    be(client, session, "focal_point", office="KE")
    page = client.get("/office/KE")
    assert client.get("/office/TD").status_code == 403
    assert client.post("/office/TD", data=typed(page)).status_code == 403
    assert client.get("/office/XX").status_code == 403
    client.post("/office/KE", data=typed(page) | {"name_en": "Mine", "seat_city": "Here"})
    office = session.get_one(Office, "KE")
    assert (office.name_en, office.seat_city) == ("Kenya", "Nairobi")


def test_an_administrator_edits_any_office(client: FlaskClient, session: Session) -> None:
    be(client, session, "admin")
    assert client.get("/office/").headers["Location"] == "/admin/reference/offices/"
    page = client.get("/office/TD")
    client.post("/office/TD", data=typed(page) | {"address": "A street"})
    assert session.get_one(Office, "TD").address == "A street"
    assert client.get("/office/XX").status_code == 404
    path = "/admin/reference/offices/TD"
    form = typed(client.get(path)) | {"names_en": "Chad!", "seat_city": "Abéché", "lat": "13.8"}
    assert client.post(path, data=form).status_code == 302
    office = session.get_one(Office, "TD")
    assert (office.name_en, office.names["en"]) == ("Chad!", "Chad!")
    assert (office.seat_city, office.lat) == ("Abéché", 13.8)


def test_the_page_of_an_office_speaks_the_readers_language(
    client: FlaskClient, session: Session
) -> None:
    be(client, session, "focal_point", office="EG")
    page = client.get("/office/EG?lang=ar")
    assert '<html lang="ar" dir="rtl"' in page.text
    assert "مصر" in page.text
    assert session.get_one(Service, "TM").names["ar"] in page.text


def test_what_is_typed_cannot_become_script(client: FlaskClient, session: Session) -> None:
    be(client, session, "admin")
    path = "/admin/reference/skills/BCP"
    attack = '"><script>alert(1)</script>'
    client.post(path, data=typed(client.get(path)) | {"names_en": attack})
    assert session.get_one(Skill, "BCP").names["en"] == attack
    for address in (path, "/admin/reference/skills/", "/admin/reference/kinds/WAR"):
        assert "<script>alert" not in client.get(address).text
