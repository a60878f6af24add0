"""What we say to find out whether somebody stays on the roster: a text, and answers to theirs.

Every function opens the reader's language itself. What an answer leads to is not known here.
"""

from core.i18n import speaking
from dispatch.wording.catalogue import _
from dispatch.wording.replies import finish


def stay_text(language: str, code: str, link: str) -> str:
    """The yearly question; two segments at most."""
    with speaking(language):
        return finish(
            _(
                "IP-ROC: may we still call on you in a crisis? Send %(stay)s to stay, or open "
                "%(link)s",
                stay=f"1 {code}",
                link=link,
            )
        )


def stayed_text(language: str) -> str:
    """To a yes."""
    with speaking(language):
        return finish(_("Thank you for staying. We ask again in a year."))


def leave_text(language: str, link: str) -> str:
    """To a no: leaving for good is not done by a text alone."""
    with speaking(language):
        return finish(_("To leave the roster, please open %(link)s", link=link))
