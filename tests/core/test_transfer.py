"""Text travels compressed, and its length betrays nothing."""

import gzip

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TAKES_GZIP = {"Accept-Encoding": "gzip, br"}


def get_asset(
    client: FlaskClient, name: str, headers: dict[str, str] | None = None
) -> TestResponse:
    # Buffered: a file that is being sent would stay open otherwise.
    return client.get(f"/static/build/{name}", headers=headers, buffered=True)


def test_a_page_is_compressed_for_whoever_takes_it(client: FlaskClient) -> None:
    plain = client.get("/privacy")
    packed = client.get("/privacy", headers=TAKES_GZIP)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.vary
    assert "Accept-Encoding" in plain.vary
    assert len(packed.data) == packed.content_length
    assert len(packed.data) < len(plain.data) / 2
    assert "Privacy" in gzip.decompress(packed.data).decode()


def test_who_refuses_gzip_gets_none(client: FlaskClient) -> None:
    answer = client.get("/privacy", headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in answer.headers


def test_the_same_page_has_many_lengths(client: FlaskClient) -> None:
    client.get("/privacy")  # the session begins
    lengths = {len(client.get("/privacy", headers=TAKES_GZIP).data) for _ in range(20)}
    assert len(lengths) > 3


def test_short_answers_and_pictures_stay_as_they_are(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/healthz", headers=TAKES_GZIP).headers


def test_an_asset_is_kept_for_as_long_as_its_address_lasts(client: FlaskClient) -> None:
    named = get_asset(client, "app.css?v=1", TAKES_GZIP)
    assert named.headers["Content-Encoding"] == "gzip"
    assert "immutable" in named.headers["Cache-Control"]
    assert named.headers["ETag"].startswith("W/")
    unnamed = get_asset(client, "app.css")
    assert "immutable" not in unnamed.headers.get("Cache-Control", "")


def test_an_asset_that_is_known_is_not_sent_again(client: FlaskClient) -> None:
    first = get_asset(client, "app.css?v=1", TAKES_GZIP)
    again = get_asset(client, "app.css?v=1", TAKES_GZIP | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_a_missing_asset_is_not_kept(client: FlaskClient) -> None:
    answer = get_asset(client, "none.css?v=1")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_a_page_is_never_stored(client: FlaskClient) -> None:
    assert client.get("/", headers=TAKES_GZIP).headers["Cache-Control"] == "no-store"
