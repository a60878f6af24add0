"""How answers travel: text compressed, built assets kept by the browser until they change.

Knows no page. In a crisis the line may be the thing that is broken.
"""

import gzip
import io
import re
import secrets
from functools import lru_cache

from flask import Flask, Response, request

WORTH_IT = 600  # bytes; below, the headers outweigh what is saved
TEXT = frozenset({"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"})
A_YEAR = "public, max-age=31536000, immutable"
NAMED_BY_CONTENT = re.compile(r"-[A-Z0-9]{8}\.js$")


def init_app(app: Flask) -> None:
    """Compresses and marks every answer of `app`."""
    app.after_request(keep_assets)
    app.after_request(compress)


def keep_assets(response: Response) -> Response:
    """Lets browsers keep an asset whose address changes with its content."""
    is_named = "v" in request.args or NAMED_BY_CONTENT.search(request.path)
    if request.endpoint == "static" and response.status_code in {200, 304} and is_named:
        response.headers["Cache-Control"] = A_YEAR
    return response


def compress(response: Response) -> Response:
    """Sends text as gzip to whoever takes it (RFC 9110, section 8.4.1.3)."""
    is_stream = response.is_streamed and not response.direct_passthrough
    if response.mimetype not in TEXT or is_stream:
        return response
    response.vary.add("Accept-Encoding")
    wanted = request.accept_encodings["gzip"] > 0 and request.method != "HEAD"
    if not wanted or response.status_code == 206 or "Content-Encoding" in response.headers:
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < WORTH_IT:
        return response
    is_asset = request.endpoint == "static"
    response.set_data(squeeze_asset(content) if is_asset else squeeze_page(content))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)
    return response


@lru_cache(maxsize=64)
def squeeze_asset(content: bytes) -> bytes:
    """`content` as gzip, as small as it goes."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def squeeze_page(content: bytes) -> bytes:
    """`content` as gzip of a length that tells little.

    A page holds a token and repeats what its address says, and length would betray guesses at the
    token (BREACH). A file name of random length in the header hides it (Heal the Breach, 2022).
    """
    padding = "a" * secrets.randbelow(100)
    squeezed = io.BytesIO()
    with gzip.GzipFile(padding, "wb", compresslevel=5, fileobj=squeezed, mtime=0) as file:
        file.write(content)
    return squeezed.getvalue()
