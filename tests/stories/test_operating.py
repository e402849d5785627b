"""The operator keeps a peddler out, takes down what she has copied and makes the service read-only for a while."""

import httpx
import pytest
from service import PASSWORD, Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def operator(service):
    """Whoever joined first, with a token for everything."""
    fields = {"label": "operating", "scopes": ["read", "write", "admin"]}
    made = service.http.post("/api/v1/tokens", json=fields, auth=httpx.BasicAuth("operator", PASSWORD))
    assert made.status_code == 201, made.text
    return Visitor(service, "operator", made.json()["token"])


def test_an_operator_suspends_takes_down_and_makes_read_only_and_takes_it_all_back(service, operator, tmp_path):
    maker, peddler = service.join("candlemaker"), service.join("peddler")
    clone = peddler.start_design("wick", {"README.md": "# Not hers\n"}, tmp_path / "wick")
    assert maker.ask("GET", "/admin/stock").status_code == 404
    assert operator.get("/admin/stock")["people"] >= 3

    a_takedown_says_why(service, operator, maker, peddler, clone)
    a_suspension_closes_every_door(service, operator, peddler, clone)
    nobody_writes_while_it_is_read_only(service, operator, maker, tmp_path / "candle")
    said = {each["verb"] for each in operator.get("/admin/audit", per_page=100)}
    assert {"takedown.made", "person.changed", "switch.made"} <= said, said


def a_takedown_says_why(service, operator, maker, peddler, clone):
    """With 451 everywhere, to its owner too, until it is put back."""
    why = "It is the candlemaker’s, without their licence."
    operator.post("/admin/takedowns", {"design": "peddler/wick", "reason": why})
    for answer in (maker.ask("GET", "/designs/peddler/wick"), service.http.get("/peddler/wick")):
        assert answer.status_code == 451 and "It is the candlemaker" in answer.text, answer.text[:500]
    fetched = peddler.git("fetch", "origin", folder=clone, check=False)
    assert fetched.returncode and "451" in fetched.stderr
    assert operator.ask("DELETE", "/admin/takedowns/peddler/wick").status_code == 204
    peddler.git("fetch", "-q", "origin", folder=clone)
    assert service.http.get("/peddler/wick").status_code == 200


def a_suspension_closes_every_door(service, operator, peddler, clone):
    """To programs with the reason, and to git; the same token opens them again afterwards."""
    path = "/admin/people/peddler"
    assert operator.ask("PATCH", path, json={"suspended": True, "reason": "Sells others’ work."}).status_code == 200
    refused = peddler.ask("GET", "/tokens")
    assert refused.status_code in (401, 403) and "Sells others" in refused.text, refused.text
    pushed = peddler.git("push", "origin", "HEAD:refs/heads/more", folder=clone, check=False)
    assert pushed.returncode and "more" not in pushed.stderr, pushed.stderr
    assert operator.ask("PATCH", path, json={"suspended": False}).status_code == 200
    peddler.git("push", "-q", "origin", "HEAD:refs/heads/more", folder=clone)


def nobody_writes_while_it_is_read_only(service, operator, maker, folder):
    """What is there can be read and cloned meanwhile, and pages say why."""
    clone = maker.start_design("candle", {"README.md": "# Candle\n"}, folder)
    mode = {"read_only": True, "reason": "We move to a larger disk."}
    assert operator.ask("PUT", "/admin/mode", json=mode).status_code == 200
    try:
        refused = maker.ask("POST", "/designs", json={"name": "another"})
        assert refused.status_code == 503 and int(refused.headers["Retry-After"]) > 0
        pushed = maker.git("push", "origin", "HEAD:refs/heads/more", folder=clone, check=False)
        assert pushed.returncode and "We move to a larger disk." in pushed.stderr, pushed.stderr
        maker.git("fetch", "-q", "origin", folder=clone)
        assert maker.get("/designs/candlemaker/candle")["head"]
        assert operator.get("/admin/mode")["read_only"]
    finally:
        assert operator.ask("PUT", "/admin/mode", json={"read_only": False}).status_code == 200
    maker.git("push", "-q", "origin", "HEAD:refs/heads/more", folder=clone)
