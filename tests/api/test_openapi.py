"""The OpenAPI document: recorded, complete, and without statuses that are never sent."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import pytest

from bot import policies
from bot.api import openapi
from bot.api.application import create_api
from bot.api.schemas.chat import HandoffState
from bot.api.schemas.policies import PolicyKind
from bot.handoff import states as handoff

RECORDED = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_api(demo=True).openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_recorded_document_is_the_one_that_the_routes_give(document: dict[str, Any]) -> None:
    recorded = RECORDED.read_text(encoding="utf-8")
    assert recorded == openapi.text(document), "The API has changed. Run scripts/openapi, and review what changed."


def test_every_operation_has_an_id_of_its_own_a_tag_and_a_description(document: dict[str, Any]) -> None:
    described = {tag["name"] for tag in document["tags"]}
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for path, method, operation in operations(document):
        assert operation["description"], (method, path)
        assert set(operation["tags"]) <= described and operation["tags"], (method, path)


def test_every_error_is_documented_in_the_one_shape_with_its_codes(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            assert status != "422", f"{method} {path}: validation errors are answered with 400"
            if status >= "400":
                schema = response["content"]["application/json"]["schema"]
                assert schema["allOf"][0] == {"$ref": "#/components/schemas/Error"}, (method, path, status)
                assert schema["allOf"][1]["properties"]["error"]["properties"]["code"]["enum"], (method, path, status)


def test_every_schema_has_a_name_that_typescript_takes(document: dict[str, Any]) -> None:
    """Fails when two classes of one name are in use: FastAPI then appends -Input and -Output."""
    assert [name for name in document["components"]["schemas"] if not name.isidentifier()] == []


@pytest.mark.parametrize(("listed", "states"), [(HandoffState.__value__, handoff.State), (PolicyKind, policies.Kind)])
def test_values_listed_in_a_model_are_those_of_the_enum(listed: Any, states: type[StrEnum]) -> None:
    assert set(get_args(listed)) == {one.value for one in states}


def test_writes_of_staff_ask_for_the_header_and_reads_do_not(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        if path.startswith(("/api/staff", "/api/desk", "/api/review")):
            names = [one["name"] for one in operation.get("parameters", [])]
            assert ("x-candor" in names) == (method != "get"), (method, path)


def test_every_json_response_has_a_model(document: dict[str, Any]) -> None:
    missing = [
        f"{method.upper()} {path}"
        for path, method, operation in operations(document)
        for status, response in operation["responses"].items()
        if status < "300" and "application/json" in response.get("content", {})
        if "$ref" not in str(response["content"]["application/json"]["schema"])
    ]
    assert missing == []
