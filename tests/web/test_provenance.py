"""Lineage to take along, of a family on the service: what it says, and that nothing private is in it."""

import csv
import io
import tomllib

import family
from cffconvert import Citation
from prov.model import ProvDocument

from opendesign.actions.find_adoptions import lineage_job
from opendesign.records.design import design_by_path

RIB = "RIB = plate.union(rib(x, HEIGHT / 2, THICKNESS))\n"
NAMES = ("prov.jsonld", "okh.toml", "CITATION.cff", "lineage.csv")
OKH = '# Ours\nname = "Tent"\nlicense = "MIT"\n\n[coop]\nteam = "forged"\n\n[[part]]\nname = "Box"\nsource = "box.py"\n'


def taken(site, source: str, target: str) -> tuple[str, str]:
    """A change is born in one design and taken by another; returns both commits."""
    owners = [address.split("/")[1] for address in (source, target)]
    born = site.commit(owners[0], source, {"rib.py": RIB}, message="=A rib")
    came = site.commit(owners[1], target, {"rib.py": RIB}, message="Rib of theirs")
    with site.house.reading() as work:
        key = str(design_by_path(work.session, *target.strip("/").split("/")).id)
    lineage_job(site.house, key)
    return born, came


def files(browser, address: str, ref: str = "") -> dict[str, str]:
    """The four exports of a design."""
    found = {}
    for name in NAMES:
        query = f"?ref={ref}" if ref and name != "lineage.csv" else ""
        answer = browser.get(f"/api/v1/designs{address}/{name}{query}")
        assert answer.status_code == 200, answer.text
        assert name in answer.headers["Content-Disposition"]
        found[name] = answer.text
    return found


def test_a_fork_tells_where_it_is_from_and_what_it_took(site):
    ada = site.design("ada", "tent", family.FILES | {"okh.toml": OKH}, licence="CERN-OHL-S-2.0")
    bia = family.fork_of(site, ada, "bia")
    begun = site.head(bia)
    born, came = taken(site, ada, bia)
    found = files(site.stranger(), bia)
    told = tomllib.loads(found["okh.toml"])
    assert told["fork-of"] == "http://localhost/ada/tent" and told["part"][0]["name"] == "Box"
    assert found["okh.toml"].startswith("# Ours\n")
    assert (told["coop"]["family"], told["coop"]["team"]) == ("http://localhost/ada/tent", ["bia"])
    [adopted] = told["coop"]["adopted"]
    assert (adopted["from"], adopted["as"]) == (f"http://localhost/ada/tent/revisions/{born}", came)
    cited = Citation(found["CITATION.cff"])
    cited.validate()
    assert cited._parse()["license"] == "MIT" and cited._parse()["authors"][0]["alias"] == "ada"
    told_by_prov = ProvDocument.deserialize(content=found["prov.jsonld"], format="jsonld").get_provn()
    assert f"wasDerivedFrom(at:bia/tent/revisions/{came}, at:ada/tent/revisions/{born}," in told_by_prov
    [row] = csv.DictReader(io.StringIO(found["lineage.csv"]))
    assert (row["source"], row["target"], row["subject"]) == ("ada/tent", "bia/tent", "'=A rib")
    first = files(site.stranger(), ada)
    assert "fork-of" not in first["okh.toml"] and "adopted" not in tomllib.loads(first["okh.toml"])["coop"]
    before = files(site.stranger(), bia, begun)
    assert "adopted" not in tomllib.loads(before["okh.toml"])["coop"] and came not in before["prov.jsonld"]


def test_what_is_private_stays_out_whoever_asks(site):
    ada = site.design("ada", "vault", family.FILES)
    bia, caio = family.fork_of(site, ada, "bia"), family.fork_of(site, ada, "caio", "hidden")
    site.person("caio").post(f"{caio}/settings/visibility", {"visibility": "private"})
    taken(site, caio, bia)
    for browser, address in ((site.stranger(), bia), (site.stranger(), ada)):
        assert not any("hidden" in text or "caio" in text for text in files(browser, address).values())
        told = browser.get(f"/api/v1/designs{address}/credit").text
        assert "hidden" not in told and "caio" not in told
    for name in (*NAMES, "credit"):
        assert site.stranger().get(f"/api/v1/designs{caio}/{name}").status_code == 404


def test_a_fork_of_something_private_does_not_say_of_what(site):
    ada = site.design("ada", "secret", family.FILES)
    bia = family.fork_of(site, ada, "bia", "open")
    site.person("ada").post(f"{ada}/settings/visibility", {"visibility": "private"})
    found = files(site.stranger(), bia)
    assert not any("secret" in text for text in found.values())
    assert tomllib.loads(found["okh.toml"])["coop"] == {"family": "http://localhost/bia/open", "team": ["bia"]}


def test_a_manifest_that_cannot_be_read_is_refused_with_the_reason(site):
    ada = site.design("ada", "torn", family.FILES | {"okh.toml": "name = \n"})
    answer = site.stranger().get(f"/api/v1/designs{ada}/okh.toml")
    assert answer.status_code == 422 and "okh.toml" in answer.json["detail"]
    assert site.stranger().get(f"/api/v1/designs{ada}/CITATION.cff").status_code == 200


def test_a_manifest_longer_than_anybody_writes_is_not_read_word_by_word(site):
    long = OKH + "".join(f"[bits.bit{number}]\nlength = 1\n" for number in range(3000))
    ada = site.design("ada", "endless", family.FILES | {"okh.toml": long})
    answer = site.stranger().get(f"/api/v1/designs{ada}/okh.toml")
    assert answer.status_code == 422 and "64 KiB" in answer.json["detail"]
