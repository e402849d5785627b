"""Whatever the document allows somebody to send is answered as the document says, and never with a fault of ours.

By default once for each operation that takes a body; `OPENDESIGN_EXAMPLES=20` asks every operation, twenty times each.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = int(os.environ.get("OPENDESIGN_EXAMPLES", "0"))
ORDER = ("GET", "POST", "PUT", "PATCH", "DELETE")
KNOWN = {
    "owner": "ada",
    "name": "box",
    "person": "ada",
    "ref": "main",
    "branch": "main",
    "path": "box.py",
    "sha": "main",
}


@pytest.mark.slow
def test_every_operation_answers_as_the_document_says(shared):
    ada = shared.person("ada")
    shared.box(ada)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", shared.app)
    found = [each.ok() for each in schema.get_all_operations()]
    operations = [each for each in found if EXAMPLES or each.body]
    assert len(operations) > 20
    for operation in sorted(operations, key=lambda each: ORDER.index(each.method.upper())):

        @settings(
            max_examples=EXAMPLES or 1,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case):
            case.path_parameters.update({name: KNOWN[name] for name in case.path_parameters if name in KNOWN})
            case.headers["Authorization"] = f"Bearer {ada.token}"
            case.call_and_validate(checks=CHECKS)

        ask()
