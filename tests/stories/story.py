"""The teller of stories: files through the API, works like the worker, and moves the clock.

Phones are the provider's; what an office sees is what the API answers.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.accounts.models import User
from core.accounts.tokens import create_token
from core.db import writing
from dispatch import outbox
from dispatch.advance import advance_due
from roster import registrar
from roster.models import Expert
from sandbox.handset import Handset
from tests.conftest import Command
from tests.dispatch.messages.post import Post
from tests.dispatch.provider import Door
from tests.dispatch.world import World, report

OFFICE_PHONE, DUTY_PHONE = "+12025550199", "+12025550188"


@dataclass
class Case:
    """A crisis as the API shows it to the office and to the duty officer."""

    story: "Story"
    ref: str

    @property
    def seen(self) -> dict[str, Any]:
        """What GET /crises/{ref} answers to the duty officer."""
        body: dict[str, Any] = self.story.call("GET", f"/crises/{self.ref}")
        return body

    @property
    def status(self) -> str:
        """Its state."""
        return str(self.seen["status"])

    @property
    def ladder(self) -> list[str]:
        """What became of each offer, in the order in which they were made."""
        return [offer["status"] for offer in self.seen["offers"]]

    @property
    def missions(self) -> list[dict[str, Any]]:
        """Its missions."""
        missions: list[dict[str, Any]] = self.seen["missions"]
        return missions

    def cancel(self) -> None:
        """The office no longer needs help."""
        self.story.call("POST", f"/crises/{self.ref}/cancel", reason="false alarm")
        self.story.work()


class Story:
    """Everything that may happen, in the order in which it is told."""

    def __init__(
        self, app: Flask, client: FlaskClient, world: World, post: Post, door: Door
    ) -> None:
        self.app, self.client, self.world, self.post, self.door = app, client, world, post, door
        self.officer = world.officer(phone=DUTY_PHONE)
        self.focal_point = world.focal_point()
        self._token = self._token_of(self.officer)
        self.duty_phone = post.sandbox.phone(DUTY_PHONE)
        self.office_phone = post.sandbox.phone(OFFICE_PHONE)

    def expert(self, name: str, east: float, **columns: Any) -> Handset:
        """The phone of an expert so many degrees east of the office."""
        return self.phone_of(self.world.expert(east, name=name, **columns))

    def experts(self, *names: str) -> list[Handset]:
        """The phones of experts one degree apart, the nearest first."""
        return [self.expert(name, place) for place, name in enumerate(names, 1)]

    def phone_of(self, expert: Expert) -> Handset:
        """The phone in that expert's hand."""
        return self.post.sandbox.phone(expert.phone, expert.name)

    def crisis(self, **changes: Any) -> Case:
        """A focal point files a crisis, and the worker does what follows."""
        case = self.crisis_without_worker(**changes)
        self.work()
        return case

    def crisis_without_worker(self, **changes: Any) -> Case:
        """The same, while no worker is there."""
        crisis = report(contact_phone=OFFICE_PHONE, **changes)
        filed = self.call("POST", "/crises", token=self._token_of(self.focal_point), **crisis)
        return Case(self, filed["ref"])

    def hear_of(self, phone: Handset) -> None:
        """The roster has news of the expert with that phone."""
        with writing() as session:
            expert = session.scalars(select(Expert).where(Expert.phone == phone.number)).one()
            registrar.tell(session, expert, "changed", actor="hr", now=clock.now(session))
        self.work()

    def suspend(self, phone: Handset) -> None:
        """HR suspends the expert with that phone."""
        with writing() as session:
            expert = session.scalars(select(Expert).where(Expert.phone == phone.number)).one()
            registrar.suspend(session, expert, "complaint", actor="hr", now=clock.now(session))
        self.work()

    def shorten_windows(self, flask: Command, folder: Path, seconds: int) -> None:
        """The administrator imports policies with another reply window."""
        file = folder / "policies.json"
        assert flask("policies", "export", file).exit_code == 0
        content = json.loads(file.read_text("utf-8"))
        for policy in content["policies"]:
            policy["reply_window_s"] = seconds
        file.write_text(json.dumps(content), "utf-8")
        assert flask("policies", "import", file).exit_code == 0

    def pass_time(self, **by: float) -> None:
        """Time passes, and the worker works."""
        self.world.forward(**by)
        self.work()

    def work(self) -> None:
        """The worker: decides and sends until there is nothing left to do."""
        for _ in range(20):
            done = advance_due(self.world.now) + outbox.send_due(self.world.now)
            self.post.sandbox.settle()
            if not done:
                return
        raise AssertionError("the worker never comes to rest")

    def call(self, method: str, path: str, token: str = "", **body: Any) -> Any:
        """What the API answers, as the duty officer unless `token` is somebody else's."""
        headers = {"Authorization": f"Bearer {token or self._token}"}
        answer = self.client.open(
            f"/api/v1{path}", method=method, headers=headers, json=body or None
        )
        assert answer.status_code < 300, answer.text
        return answer.get_json()

    def _token_of(self, user: User) -> str:
        with writing() as session:
            known = session.get_one(User, user.id)
            return create_token(session, known, actor="test", now=clock.now(session))
