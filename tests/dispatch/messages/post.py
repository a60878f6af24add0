"""What a worker and the provider do, one step at a time and when a test says so."""

from sqlalchemy import select

from core.mail import Mail
from dispatch import outbox
from dispatch.models import Attempt, Incident, Offer
from roster.models import Expert
from sandbox.handset import Handset
from sandbox.testing import RunningSandbox
from tests.dispatch.world import World


class Post:
    """The way of a message, one step at a time."""

    def __init__(self, world: World, sandbox: RunningSandbox) -> None:
        self.world = world
        self.sandbox = sandbox

    def send(self) -> int:
        """What the worker's sending turn does; nothing has arrived yet."""
        return outbox.send_due(self.world.now)

    def deliver(self) -> int:
        """Sends, and lets everything arrive and be reported."""
        left = self.send()
        self.sandbox.settle()
        return left

    def reconcile(self) -> int:
        """What the worker's reconciling turn does."""
        return outbox.reconcile(self.world.now)

    def ask_about_silent(self) -> int:
        """What the worker's turn does that asks about messages not heard of."""
        return outbox.ask_about_silent(self.world.now)

    def stop_ringing(self) -> int:
        """What the worker's turn does that ends calls which ring in vain."""
        return outbox.stop_ringing(self.world.now)

    def phone(self, expert: Expert) -> Handset:
        """The phone in that expert's hand."""
        return self.sandbox.phone(expert.phone)

    def attempts(self, expert: Expert, channel: str = "sms") -> list[Attempt]:
        """The messages to that expert over `channel`, in order."""
        query = select(Attempt).where(Attempt.expert_id == expert.id, Attempt.channel == channel)
        return list(self.world.session.scalars(query.order_by(Attempt.id)))

    def attempts_to(self, number: str) -> list[Attempt]:
        """The messages to that number, in order."""
        query = select(Attempt).where(Attempt.to == number).order_by(Attempt.id)
        return list(self.world.session.scalars(query))

    def statuses(self, expert: Expert, channel: str = "sms") -> list[str]:
        """How far those messages got."""
        return [attempt.status for attempt in self.attempts(expert, channel)]

    def incidents(self) -> list[str]:
        """The kinds of the open incidents."""
        query = select(Incident.kind).where(Incident.cleared_at.is_(None)).order_by(Incident.id)
        return list(self.world.session.scalars(query))

    def mails(self, to: str) -> list[Mail]:
        """The mails that wait for that address."""
        return list(self.world.session.scalars(select(Mail).where(Mail.to == to)))

    def held(self, expert: Expert) -> list[str]:
        """The texts of ours that the provider holds for that expert."""
        return [
            message.body
            for message in self.sandbox.store.messages
            if message.to == expert.phone and message.direction == "outbound-api"
        ]

    def offer(self, expert: Expert) -> Offer:
        """The latest offer to that expert."""
        return self.world.offer_to(expert)
