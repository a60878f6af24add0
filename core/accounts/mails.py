"""Flask-Security's mails: in the language of whoever gets them, and through our own queue."""

from typing import Any

from flask import render_template
from flask_babel import gettext
from flask_security import MailUtil
from flask_security.mail_util import EmailValidateException

from core import clock
from core.accounts.wording import MESSAGES, SUBJECTS
from core.db import writing
from core.i18n import speaking
from core.mail import BadAddressError, queue_mail, to_address


class Mails(MailUtil):
    """Flask-Security's hook for addresses and mails."""

    def send_mail(  # noqa: PLR0917  Flask-Security's signature
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Queues the mail. `subject` is in the language of whoever asks, so it is said anew."""
        with writing() as session, speaking(kwargs["user"].language):
            own_subject = gettext(SUBJECTS[template])
            now = clock.now(session)
            queue_mail(session, to=str(recipient), subject=own_subject, body=body or "", now=now)

    def normalize(self, email: str) -> str:
        """The spelling in which the address is stored. Raises EmailValidateException."""
        try:
            return to_address(email)
        except BadAddressError as error:
            sentence, _category = MESSAGES["INVALID_EMAIL_ADDRESS"]
            raise EmailValidateException(gettext(sentence)) from error

    def validate(self, email: str) -> str:
        """The same: whether a mailbox exists is found out by writing to it."""
        return self.normalize(email)


def render(template: str, **context: Any) -> str:
    """A page in the reader's language, or a mail in that of whoever gets it."""
    if template not in {f"{name}.txt" for name in SUBJECTS}:
        return render_template(template, **context)
    with speaking(context["user"].language):
        return render_template(template, **context)
