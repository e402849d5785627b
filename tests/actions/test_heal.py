"""What a killed process or a power cut left behind is wanted again."""

from houses import BOX, settle_in, start

from opendesign.actions.heal import heal
from opendesign.records.base import now
from opendesign.records.build import Build


def test_files_that_a_power_cut_has_cut_are_made_again(house):
    (ada,) = settle_in(house, "ada")
    start(house, ada, "case", {"box.py": BOX, "lid.py": BOX + "# a lid\n"})
    with house.noting() as work:
        rows = work.session.query(Build).all()
        for row in rows:
            house.shelf.put(row.key, {"viewer": b"glTF" * 1000})
            row.state, row.files, row.finished_at, row.exported_at = "made", house.shelf.names(row.key), now(), now()
        whole, cut = (row.key for row in rows)
    assert heal(house) == 0
    path = house.shelf.path(cut, "viewer")
    path.write_bytes(path.read_bytes()[:1024])
    assert heal(house) == 1
    with house.reading() as work:
        assert work.session.get(Build, whole).state == "made"
        assert (work.session.get(Build, cut).state, work.session.get(Build, cut).exported_at) == ("wanted", None)
