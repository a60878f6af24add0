"""Which place is meant: the map with what was found for the words that were typed."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from core.access import open_to_all
from core.i18n import current_language
from core.places import PlaceFound
from core.web import checks_own_token, lost_token
from roster.joining.forms import WhichForm
from roster.joining.placing import as_answer, draw, find, name_of
from roster.joining.steps import BASE, CHOSEN, Draft
from roster.joining.views.blueprint import address_after, bp, find_draft, keep, page

Found = dict[str, PlaceFound]


@bp.get("/apply/<token>/base/which")
@open_to_all
def which(token: str) -> ResponseReturnValue:
    """The places, on the map and by name."""
    draft = find_draft(token)
    found = find(_typed(draft))
    if not found:
        return redirect(url_for("apply.show", token=token, step=BASE), 303)
    form = WhichForm()
    chosen = draft.place()
    if chosen is not None:
        form.which.data = f"{chosen['lat']:.4f},{chosen['lon']:.4f}"
    elif len(found) == 1:
        form.which.data = next(iter(found))
    return _page(draft, token, form, found)


@bp.post("/apply/<token>/base/which")
@open_to_all
@checks_own_token
def choose(token: str) -> ResponseReturnValue:
    """Keeps the place that was chosen."""
    draft = find_draft(token)
    typed = _typed(draft)
    found, form = find(typed), WhichForm()
    if not found:
        return redirect(url_for("apply.show", token=token, step=BASE), 303)
    form.offer(_names(found))
    if not form.validate_on_submit():
        expired = lost_token(form)
        return _page(draft, token, form, found, expired=expired), 400 if expired else 422
    draft = keep(draft, **{CHOSEN: as_answer(found[form.which.data], typed)})
    return redirect(address_after(draft, token, BASE), 303)


def _typed(draft: Draft) -> str:
    typed: str = draft.answers.get(BASE, {}).get("place", [""])[0]
    return typed.strip()


def _names(found: Found) -> dict[str, str]:
    language = current_language()
    several = len(found) > 1
    return {
        value: f"{number}. {name_of(place, language)}" if several else name_of(place, language)
        for number, (value, place) in enumerate(found.items(), 1)
    }


def _page(draft: Draft, token: str, form: WhichForm, found: Found, **shown: object) -> str:
    names = _names(found)
    form.offer(names)
    picture = draw(list(names.values()), list(found.values()))
    return page("which", draft, token, BASE, form=form, map=picture, **shown)
