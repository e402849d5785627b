"""Where a comment's point is on a build."""

from houses import BOX, settle_in, start

from opendesign.actions.pin import make_claimed_spot
from opendesign.records.base import now
from opendesign.records.build import Build
from opendesign.records.spot import Spot


def test_a_build_that_is_triangles_alone_has_no_faces_and_nobody_looks_again(house):
    (ada,) = settle_in(house, "ada")
    start(house, ada, "case", {"box.py": BOX})
    key = "cd" * 32
    with house.writing() as work:
        build = work.session.query(Build).one()
        house.shelf.lay(build.key, {"stl": b"solid"})
        build.state, build.files, build.result = "made", house.shelf.names(build.key), {"shapes": []}
        work.session.add(
            Spot(key=key, build_key=build.key, state="making", wanted_at=now(), asker="ada", point=[0.0, 0.0, 0.0])
        )
    assert make_claimed_spot(house, key) == "failed"
    with house.reading() as work:
        assert "no exact shapes" in work.session.get(Spot, key).error["message"]
