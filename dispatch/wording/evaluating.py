"""What the office is asked after a mission: how it went, by mail with a link."""

from core.i18n import speaking
from dispatch.models import Mission
from dispatch.wording.catalogue import _


def evaluation_mail(mission: Mission, language: str, link: str) -> tuple[str, str]:
    """Subject and plain text that ask how `mission` went; `link` leads to the form."""
    number, name = mission.request.number, mission.expert.name
    with speaking(language):
        subject = _("How did it go? IP-ROC case %(number)s", number=number)
        body = _(
            "%(name)s has finished the work on case %(number)s.\n\nPlease tell us how it went: a "
            "number from 1 to 5, and a few words if you like. It takes a minute, and helps the "
            "next office:\n%(link)s",
            name=name,
            number=number,
            link=link,
        )
    return subject, body
