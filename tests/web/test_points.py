"""Points that comments are pinned to, as pages show them: also those that are none, and those that are too many."""

import family

from opendesign.records.base import now
from opendesign.records.design import design_by_path
from opendesign.records.proposal import Comment, proposal_of


def test_a_point_that_was_kept_unread_is_outdated_and_there_are_not_more_than_200(site):
    ada = site.design("ada", "points", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    site.commit("bia", bia, family.wider(30.0))
    address, caio = family.proposed(site, bia, ada), site.person("caio")
    with site.house.writing(site.visitor("caio")) as work:
        proposal = proposal_of(work.session, design_by_path(work.session, *ada[1:].split("/")), 1)
        for number in range(199):
            far = [1e300, 0, 0] if number < 2 else [number, 0, 0]
            path = "gone.py" if number % 2 else "box.py"
            said = Comment(proposal=proposal, person=work.person, body="Here", path=path, point=far, at=now())
            work.session.add(said)
    for page in ("", "/files", "/geometry", "/geometry?part=box.py"):
        assert site.stranger().get(f"{address}{page}").status_code == 200, page
    pinned = {"body": "Thin here", "path": "box.py", "point": "1.5,0,-2"}
    assert caio.post(f"{address}/comments", pinned).status_code == 303
    more = caio.post(f"{address}/comments", pinned)
    assert more.status_code == 422 and "200 comments with a point already" in more.text
    assert caio.post(f"{address}/comments", {"body": "Without"}).status_code == 303
