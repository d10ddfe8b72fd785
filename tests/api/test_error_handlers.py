"""Every door's errors have one shape and show nothing of the inside."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import requests
from fastapi import FastAPI
from pydantic import BaseModel

from bot.api import error_handlers
from bot.core.errors import Conflict
from tests.http import serve

SECRET = "what the visitor wrote"


class Order(BaseModel):
    number: int


def app() -> FastAPI:
    made = FastAPI()
    error_handlers.install(made)

    @made.get("/refused")
    async def refused() -> None:
        raise Conflict("Take another one.", code="taken")

    @made.get("/broken")
    async def broken() -> None:
        raise RuntimeError(SECRET)

    @made.post("/orders")
    async def orders(body: Order) -> int:
        return body.number

    return made


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serve(app) as address:
        yield address


def shape(response: requests.Response) -> tuple[int, str, str]:
    body = response.json()
    assert set(body) == {"error"} and set(body["error"]) == {"code", "message"}
    return response.status_code, body["error"]["code"], body["error"]["message"]


def test_a_refusal_carries_its_status_code_and_sentence(base: str) -> None:
    assert shape(requests.get(f"{base}/refused", timeout=20)) == (409, "taken", "Take another one.")


def test_an_unexpected_error_shows_and_logs_nothing_of_its_text(base: str, caplog: pytest.LogCaptureFixture) -> None:
    """Fails when `Unexpected` is not installed: the server then logs the whole error."""
    with caplog.at_level(logging.DEBUG):
        response = requests.get(f"{base}/broken", timeout=20)
    assert shape(response)[:2] == (500, "internal_error")
    assert SECRET not in response.text and SECRET not in caplog.text
    assert "RuntimeError at test_error_handlers.py" in caplog.text


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"number": "x"}', "'number': input should be a valid integer, unable to parse string as an integer."),
        ("{}", "'number': field required."),
        ("{", "The request's body is not valid JSON."),
        ("", "The request's body is not of the form this address takes: field required."),
    ],
)
def test_a_malformed_request_gets_one_sentence_that_names_the_field(base: str, body: str, message: str) -> None:
    headers = {"Content-Type": "application/json"}
    response = requests.post(f"{base}/orders", data=body, headers=headers, timeout=20)
    assert shape(response) == (400, "bad_request", message)


def test_a_malformed_value_is_not_repeated(base: str) -> None:
    response = requests.post(f"{base}/orders", json={"number": SECRET}, timeout=20)
    assert response.status_code == 400 and SECRET not in response.text


def test_unknown_addresses_and_methods_have_the_same_shape(base: str) -> None:
    assert shape(requests.get(f"{base}/nowhere", timeout=20))[:2] == (404, "not_found")
    wrong = requests.delete(f"{base}/orders", timeout=20)
    assert shape(wrong)[:2] == (405, "method_not_allowed") and wrong.headers["Allow"] == "POST"
