"""A backup of a house in use, and what is restored from it elsewhere."""

import zipfile
from pathlib import Path

import pytest
from backups import ADA, BIA, Busy, refs_of, restored, shared_notes, told
from families import commit
from houses import BOX, PASSWORD, settle_in, start

from opendesign.actions.back_up import back_up
from opendesign.actions.create_design import create_design
from opendesign.actions.enter import check_password
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.fork import fork
from opendesign.actions.house import House, Visitor
from opendesign.actions.merge import merge
from opendesign.actions.propose import comment, propose
from opendesign.actions.restore import revive
from opendesign.app import secret_of
from opendesign.git.commits import Signature
from opendesign.records.base import now
from opendesign.records.build import Build
from opendesign.records.design import design_by_id, known_refs
from opendesign.records.proposal import proposal_by_id
from opendesign.records.revision import Revision

HER = Signature("Bia", "bia@example.org")
WIDER = BOX.replace("WIDTH = 10.0", "WIDTH = 20.0")


@pytest.fixture
def family(house) -> list[int]:
    """Ada's notes, two forks of them, and her case."""
    return shared_notes(house)


def talked(house: House, family: list[int]) -> None:
    """Bia and Caio propose, all is talked about, Ada merges Caio's; her case is made wider."""
    notes, bias, caios, case = family
    commit(house, case, {"box.py": WIDER}, "Make it wider — é, ☃", HER)
    commit(house, bias, {"MORE.md": "more\n"}, "Say more", HER)
    commit(house, caios, {"NOTES.md": "one\ntwo\n"}, "Count", HER)
    for number, source in enumerate((bias, caios), 1):
        with house.writing(Visitor(number + 1)) as work:
            row = propose(work, design_by_id(work.session, notes), design_by_id(work.session, source), "main")
            comment(work, row, "Fits — é.", "NOTES.md", 1)
    with house.writing(ADA) as work:
        merge(work, proposal_by_id(work.session, 2), strategy="squash")
    lineage_job(house, str(notes))
    built(house)


def built(house: House) -> None:
    """Every build that is wanted is made."""
    with house.noting() as work:
        for build in work.session.query(Build).all():
            house.shelf.put(build.key, {"viewer": b"glTF" * 1000})
            build.state, build.exported_at, build.result = "made", now(), {"total": None, "text": "NaN"}
            build.files = house.shelf.names(build.key)


def sent(house: House) -> None:
    """A file of Git LFS is there, and another one is arriving."""
    for name in ("aa/" + "a" * 64, "arriving/draft"):
        path = house.settings.root / "repos/lfs" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"large" * 1000)


def go_on(there: House, notes: int) -> None:
    """Bia starts a design and forks one, and Ada merges what was proposed before."""
    with there.writing(BIA) as work:
        made = create_design(work, "lid", files={"lid.py": BOX.encode()})
        assert made.id == 5 and fork(work, design_by_id(work.session, notes), "another").id == 6
    with there.writing(ADA) as work:
        assert merge(work, proposal_by_id(work.session, 1)).strategy == "merge"


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_what_is_restored_is_what_was_there(house, family, tmp_path, request, kind):
    url = request.getfixturevalue("postgres").database("restored") if kind == "postgresql" else ""
    talked(house, family)
    secret = secret_of(house.settings)
    sent(house)
    house.store.gc(str(family[0])), house.store.gc(str(family[1])), house.store.gc_pools()
    done = back_up(house, tmp_path / "all.zip")
    assert done.designs == 4 and not done.lost
    assert (tmp_path / "all.zip").stat().st_mode & 0o777 == 0o600
    there = restored(tmp_path / "all.zip", tmp_path / "there", url)
    before, after = told(house, tmp_path / "before"), told(there, tmp_path / "after")
    assert before == after and '"one\\ntwo' not in before["comment"] and "é" in before["comment"]
    assert refs_of(there) == refs_of(house) and secret_of(there.settings) == secret
    assert (there.settings.root / "repos/lfs" / "aa" / ("a" * 64)).read_bytes() == b"large" * 1000
    assert not (there.settings.root / "repos/lfs/arriving").exists()
    assert check_password(there, "ada", PASSWORD, "here") == 1
    found = revive(there)
    assert (found.designs, found.people, found.moved) == (4, 3, 0)
    with there.reading() as work:
        states = {build.state for build in work.session.query(Build)}
        assert found.wanted == work.session.query(Build).count() and states == {"wanted"}
    go_on(there, family[0])
    again = back_up(there, tmp_path / "there.zip", with_builds=True)
    assert again.designs == 6 and not again.lost
    there.database.close()


def test_builds_go_along_when_they_are_asked_for(house, tmp_path):
    (ada,) = settle_in(house, "ada")
    start(house, ada, "case", {"box.py": BOX})
    built(house)
    back_up(house, tmp_path / "all.zip", with_builds=True)
    there = restored(tmp_path / "all.zip", tmp_path / "there")
    assert revive(there).wanted == 0
    assert list(there.shelf.everything()) == list(house.shelf.everything()) != []
    there.database.close()


def test_backups_amid_pushes_merges_forks_and_repacks_lose_nothing(house, family, tmp_path):
    backups: list[tuple[Path, int]] = []
    with Busy(house, family) as busy:
        for number in range(3):
            while len(busy.acknowledged) < 4 * (number + 1) and not busy.failed:
                busy.over.wait(0.02)
            path, since = tmp_path / f"{number}.zip", backups[-1][0] if backups else None
            acknowledged = len(busy.acknowledged)
            assert not back_up(house, path, since).lost
            backups.append((path, acknowledged))
    for path, acknowledged in backups[-1:]:
        there = restored(path, tmp_path / f"there-{path.stem}")
        with there.reading() as work:
            for design, sha in busy.acknowledged[:acknowledged]:
                assert work.session.query(Revision).filter_by(design_id=design, sha=sha).one()
            named = {(row.design_id, row.sha) for row in work.session.query(Revision)}
        revive(there)
        standing = refs_of(there)
        for design, refs in standing.items():
            with there.reading() as work, there.store.open(str(design)) as repository:
                known = known_refs(work.session, design_by_id(work.session, design))
                assert known == {ref: sha for ref, sha in refs.items() if ref in repository.refs()}
                shas = "\n".join(sha for owner, sha in named if owner == design)
                found = repository.run("cat-file", "--batch-check", feed=shas.encode()).decode().split("\n")
                assert not [line for line in found if line.endswith("missing")]
        there.database.close()
    sizes = [path.stat().st_size for path, _ in backups]
    assert len(zipfile.ZipFile(backups[1][0]).namelist()) < len(zipfile.ZipFile(backups[0][0]).namelist()), sizes
