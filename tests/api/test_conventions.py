"""What holds for every address: who asks, refusals, pages, ETags, and writes that are done once."""

import base64

PROBLEM = "application/problem+json"


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def refused(answer, status: int) -> dict:
    """Checks that an answer is a problem with this status, and returns it."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == PROBLEM
    told = answer.json
    assert set(told) == {"type", "title", "status", "detail", "errors", "request"}
    assert told["request"] == answer.headers["X-Request-Id"]
    assert told["status"] == status and told["detail"] and told["title"]
    return told


def test_what_http_refuses_is_a_problem_too(nobody, ada):
    assert "/api/v1/openapi.json" in refused(nobody.get("/nothing"), 404)["detail"]
    assert refused(nobody("PATCH", "/people"), 405)["detail"].endswith("POST is.")
    assert set(nobody("PATCH", "/people").headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
    refused(nobody.client.get("/api/elsewhere"), 404)
    refused(ada("POST", "/designs", data=b"{", content_type="application/json"), 400)
    refused(ada("POST", "/designs", data=b'{"name": "\xff"}', content_type="application/json"), 400)
    refused(ada("POST", "/designs", data=b"[" * 5000, content_type="application/json"), 400)
    refused(ada("POST", "/designs", data=b"name=box"), 415)
    refused(ada("POST", "/designs", data=b" " * (2 << 20), content_type="application/json"), 413)


def test_fields_are_known_typed_and_named_when_they_are_wrong(ada):
    told = refused(ada("POST", "/designs", {"name": 7, "licens": "MIT"}), 422)
    assert {each["name"] for each in told["errors"]} == {"name", "licens"}
    assert "“licens” is not a field of this request" in told["detail"]
    assert "“name” is missing" in refused(ada("POST", "/designs", {}), 422)["detail"]
    assert refused(ada.get("/designs?pages=2"), 422)["errors"][0]["name"] == "pages"
    refused(ada.get("/designs?page=1&page=2"), 422)
    refused(ada.get("/designs?per_page=1000"), 422)
    refused(ada.get("/designs?q=%00"), 422)


def test_credentials_hold_or_are_refused(world, ada, nobody):
    for header in ("Bearer od_wrong", "Bearer", "Basic !!!", "Digest x=y", "nonsense"):
        answer = nobody.get("/designs", headers={"Authorization": header})
        refused(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer realm=")
    assert nobody.get("/tokens", headers=basic("ada", world.password)).status_code == 200
    assert nobody.get("/tokens", headers=basic("ada", ada.token)).status_code == 200
    refused(nobody.get("/tokens", headers=basic("ada", "wrong")), 401)
    refused(nobody.get("/tokens", headers=basic("bob", ada.token)), 401)
    refused(nobody.get("/tokens", headers=basic("João", ada.token)), 401)
    limit = world.house.settings.enter_attempts
    for _ in range(limit):
        nobody.get("/designs", headers=basic("ada", "wrong"))
    answer = nobody.get("/designs", headers=basic("ada", world.password))
    refused(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0


def test_the_cookie_of_the_pages_opens_nothing(world, ada):
    visitor = world.app.test_client()
    token = visitor.get("/enter").text.split('name="csrf-token" content="')[1].split('"')[0]
    entered = visitor.post("/enter", data={"name": "ada", "password": world.password, "csrf_token": token})
    assert entered.status_code in (302, 303)
    refused(visitor.post("/api/v1/designs", json={"name": "box"}), 401)
    refused(visitor.get("/api/v1/tokens"), 401)


def test_tokens_are_made_listed_and_revoked(ada, nobody):
    made = ada.made("POST", "/tokens", {"label": "shell", "scopes": ["write"]})
    asking = {"headers": {"Authorization": f"Bearer {made['token']}"}}
    assert nobody("POST", "/designs", {"name": "box"}, **asking).status_code == 201
    assert "token" not in ada.get("/tokens").json[0]
    refused(nobody("POST", "/tokens", {"scopes": ["read"]}, **asking), 403)
    assert ada("DELETE", f"/tokens/{made['id']}").status_code == 204
    refused(nobody.get("/designs", **asking), 401)


def test_lists_come_in_pages_that_lead_to_each_other(world, ada, nobody):
    for number in range(5):
        ada.made("POST", "/designs", {"name": f"design-{number}"})
    seen, address = [], "/designs?per_page=2&sort=name"
    while address:
        answer = nobody.get(address)
        assert answer.headers["X-Total-Count"] == "5"
        seen += [each["name"] for each in answer.json]
        links = dict(reversed(each.split("; ")) for each in answer.headers["Link"].split(", "))
        assert {'rel="first"', 'rel="last"'} <= set(links)
        address = links.get('rel="next"', "<>").strip("<>").partition("/api/v1")[2]
    assert seen == [f"design-{number}" for number in range(5)]
    assert nobody.get("/designs?page=9").json == []


def test_reads_carry_an_etag_and_spare_the_body(ada, nobody, box):
    first = nobody.get(box)
    same = nobody.get(box, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    ada.made("PATCH", box, {"title": "Another box"})
    assert nobody.get(box, headers={"If-None-Match": first.headers["ETag"]}).json["title"] == "Another box"


def test_a_write_with_a_key_is_done_once(ada, bia):
    key = {"headers": {"Idempotency-Key": "one"}}
    first = ada("POST", "/designs", {"name": "box"}, **key)
    again = ada("POST", "/designs", {"name": "box"}, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json, first.headers["Location"]) == (again.json, again.headers["Location"])
    assert again.headers["Idempotent-Replayed"] == "true"
    refused(ada("POST", "/designs", {"name": "other"}, **key), 409)
    assert bia("POST", "/designs", {"name": "box"}, **key).json["owner"] == "bia"
    assert ada("DELETE", "/designs/ada/box", headers={"Idempotency-Key": "two"}).status_code == 204
    refused(ada("POST", "/designs", {"name": "x"}, headers={"Idempotency-Key": "é" * 300}), 422)


def test_joining_twice_with_a_key_joins_once_and_secrets_are_never_kept(nobody, ada):
    joining = {"name": "cleo", "email": "cleo@example.org", "password": "difference-engine"}
    answers = [nobody("POST", "/people", joining, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    refused(nobody("POST", "/people", joining), 409)
    assert ada("POST", "/tokens", {}, headers={"Idempotency-Key": "t"}).status_code == 201
    refused(ada("POST", "/tokens", {}, headers={"Idempotency-Key": "t"}), 409)


def test_a_refused_write_leaves_nothing_and_its_key_can_be_used_again(ada):
    key = {"headers": {"Idempotency-Key": "again"}}
    refused(ada("POST", "/designs", {"name": "box", "starter": "no-such"}, **key), 404)
    refused(ada.get("/designs/ada/box"), 404)
    assert ada("POST", "/designs", {"name": "box"}, **key).status_code == 201


def test_bad_names_are_refused_with_a_sentence(ada):
    for name in ("a/b", "Box", ".box", "box.git", "settings", "x" * 64, "bøx", "", "a b"):
        told = refused(ada("POST", "/designs", {"name": name}), 422)
        assert told["errors"][0]["name"] == "name"


def test_hidden_designs_are_told_like_missing_ones(ada, bia, nobody):
    ada.made("POST", "/designs", {"name": "secret", "visibility": "private"})
    hidden, missing = bia.get("/designs/ada/secret").json, bia.get("/designs/ada/absent").json
    assert hidden["detail"].replace("secret", "absent") == missing["detail"]
    assert nobody.get("/designs").json == [] and bia.get("/designs").json == []
    assert [each["name"] for each in ada.get("/designs").json] == ["secret"]
