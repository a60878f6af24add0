"""The door to papers: for vetters, clean ones only, and never opened inside our own pages."""

from io import BytesIO

from flask import Blueprint, abort, send_file
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.access import may
from core.db import db
from roster.models import Expert, Paper
from roster.papers import storage
from roster.papers.quarantine import why_held
from roster.trust.sightings import PAPER, saw

bp = Blueprint("papers", __name__)
# Whatever is in it must not run as ours, even in a browser that shows it all the same.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@bp.get("/vetting/papers/<public_id>")
@may("vetting.see")
def download(public_id: str) -> Response:
    """The paper as it was handed in, to be saved."""
    paper = db.session.scalar(select(Paper).where(Paper.public_id == public_id))
    if paper is None:
        abort(404)
    return send_paper(paper)


def send_paper(paper: Paper) -> Response:
    """The content of `paper`, to be saved, and who took it is noted; 409 while it is held."""
    held = why_held(paper)
    if held:
        abort(409, description=held)
    path = storage.path_of(paper.stored_as)
    if not path.is_file():
        abort(410)
    response = send_file(
        BytesIO(path.read_bytes()), mimetype=paper.media_type, as_attachment=True,
        download_name=paper.file_name, etag=False, conditional=False,
    )  # fmt: skip
    expert = db.session.get(Expert, paper.expert_id) if paper.expert_id else None
    if expert is not None:
        saw(expert, PAPER)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"  # werkzeug's own would let it be kept
    return response
