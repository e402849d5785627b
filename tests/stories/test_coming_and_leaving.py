"""Nadja keeps a hinge; Omar's mirror follows it, and another server follows her: all by the jobs of a real service."""

import httpx
import pytest

HINGE = {"README.md": "# Hinge\n"}


def until_imported(person, place: str) -> dict:
    """Waits until an import has ended."""
    return person.until(place, lambda shown: shown["ended_at"])


@pytest.fixture(scope="module")
def hinge(service, tmp_path_factory):
    """Nadja's design, and her clone of it."""
    nadja = service.join("nadja")
    return nadja, nadja.start_design("hinge", HINGE, tmp_path_factory.mktemp("hinge") / "clone")


def test_a_mirror_follows_and_a_design_is_pushed_elsewhere(service, hinge, tmp_path):
    nadja, clone = hinge
    omar = service.join("omar")
    url = f"{service.url}/nadja/hinge.git"
    asked = omar.post("/imports", {"url": url, "name": "hinge", "mirror": True}, status=202)
    assert until_imported(omar, f"/imports/{asked['id']}")["problem"] == ""
    mirror = omar.get("/designs/omar/hinge")
    assert mirror["parent"] == "nadja/hinge" and mirror["head"] == nadja.get("/designs/nadja/hinge")["head"]

    nadja.push(clone, {"NOTES.md": "Oil it.\n"}, "Say how to care for it")
    tip = nadja.get("/designs/nadja/hinge")["head"]
    omar.post("/designs/omar/hinge/mirror/fetches", status=202)
    omar.until("/designs/omar/hinge", lambda shown: shown["head"] == tip)
    omar.git("clone", "-q", f"{service.url}/omar/hinge.git", str(tmp_path / "mirror"))
    (tmp_path / "mirror" / "mine.md").write_text("Mine.\n")
    omar.git("add", "-A", folder=tmp_path / "mirror")
    omar.git("commit", "-qm", "Mine", folder=tmp_path / "mirror")
    refused = omar.git("push", "origin", "HEAD", folder=tmp_path / "mirror", check=False)
    assert refused.returncode != 0 and "mirrors a repository elsewhere" in refused.stderr

    nadja.post("/designs", {"name": "copy", "title": "Copy", "visibility": "private"})
    outlet = {"url": f"{service.url}/nadja/copy.git", "name": "nadja", "secret": nadja.token}
    assert nadja.ask("PUT", "/designs/nadja/hinge/outlet", json=outlet).status_code == 202
    nadja.until("/designs/nadja/copy", lambda shown: shown["head"] == tip)
    nadja.push(clone, {"NOTES.md": "Oil it twice.\n"}, "Oil more")
    nadja.until("/designs/nadja/copy", lambda shown: shown["head"] not in (tip, None))
    assert nadja.token not in service.log.read_text()


def test_machines_within_are_not_reached(service, hinge):
    nadja, _ = hinge
    for url in ("http://[::1]:8000/x", "http://169.254.169.254/latest", f"http://[::ffff:127.0.0.1]:{service.port}/x"):
        asked = nadja.post("/imports", {"url": url, "name": "within"}, status=202)
        ended = until_imported(nadja, f"/imports/{asked['id']}")
        assert ended["state"] == "failed" and "public internet" in ended["problem"]
    answer = httpx.post(
        f"{service.url}/api/v1/imports",
        json={"url": f"http://2130706433:{service.port}/x"},
        headers={"Authorization": f"Bearer {nadja.token}"},
    )
    assert answer.status_code == 422
