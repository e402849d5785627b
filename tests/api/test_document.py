"""The OpenAPI document: valid, complete, and true to the routes and models it was written from."""

import json

import pytest
from pydantic import BaseModel

from opendesign import api
from opendesign.api.document import statuses
from opendesign.api.operation import OPERATIONS
from opendesign.api.shape import Problem

DOCUMENT = api.document()


def models(kind: type = BaseModel) -> list[type[BaseModel]]:
    """Returns every model of the API below this one."""
    found: list[type[BaseModel]] = []
    for model in kind.__subclasses__():
        if model.__module__.startswith("opendesign.api"):
            found += [model, *models(model)]
    return list(dict.fromkeys(found))


def test_it_is_valid_openapi_3_1():
    assert DOCUMENT["openapi"].startswith("3.1")
    validator = pytest.importorskip("openapi_spec_validator")
    assert not list(validator.OpenAPIV31SpecValidator(DOCUMENT).iter_errors())


def test_it_describes_every_route_and_no_other(world):
    rules = [each for each in world.app.url_map.iter_rules() if each.rule.startswith("/api/v1")]
    routes = {(each.rule, method) for each in rules for method in each.methods - {"HEAD", "OPTIONS"}}
    routes.remove(("/api/v1/openapi.json", "GET"))
    described = {
        (f"/api/v1{api.rule(path)}", method.upper())
        for path, methods in DOCUMENT["paths"].items()
        for method in methods
    }
    assert routes == described


def test_names_are_unique_and_references_lead_somewhere():
    names = [operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names)) == len(OPERATIONS)
    schemas = DOCUMENT["components"]["schemas"]

    def follow(node: object) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                assert node["$ref"].removeprefix("#/components/schemas/") in schemas
            for each in node.values():
                follow(each)
        elif isinstance(node, list):
            for each in node:
                follow(each)

    follow(DOCUMENT)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_each_operation_says_what_it_takes_answers_and_refuses(operation):
    told = DOCUMENT["paths"][operation.path][operation.method.lower()]
    places = {each["name"] for each in told["parameters"] if each["in"] == "path"}
    assert places == {step[1:-1] for step in operation.path.split("/") if step.startswith("{")}
    assert set(statuses(operation)) <= {int(status) for status in told["responses"]}
    assert ("Idempotency-Key" in {each["name"] for each in told["parameters"]}) == operation.writes
    assert ({} in told["security"]) == (not operation.known)
    if operation.body:
        name = told["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        shape = DOCUMENT["components"]["schemas"][name]
        assert shape["additionalProperties"] is False
        assert shape["examples"]


@pytest.mark.parametrize("model", models(), ids=lambda each: each.__name__)
def test_examples_are_what_the_model_takes(model):
    for example in model.model_json_schema().get("examples", []):
        model.model_validate_json(json.dumps(example))


def test_everybody_gets_it_and_is_spared_it_the_second_time(nobody):
    answer = nobody.get("/openapi.json")
    assert answer.json == DOCUMENT
    again = nobody.get("/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_reference_shows_every_operation(world):
    page = world.app.test_client().get("/api")
    assert page.status_code == 200
    for operation in OPERATIONS:
        assert f'id="{operation.name.replace(".", "_")}"' in page.text
    assert f'id="shape-{Problem.__name__}"' in page.text
