"""What is taken along is read by others' readers: prov and rdflib, cffconvert, csv."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from cffconvert import Citation
from hypothesis import given
from hypothesis import strategies as st
from prov.model import ProvActivity, ProvAgent, ProvAssociation, ProvDerivation, ProvDocument, ProvEntity
from rdflib import Graph, URIRef

from opendesign.core.bom import FORMULAS
from opendesign.core.licence import LICENCES
from opendesign.core.lineage.account import Account, Adopted, Agent, Made
from opendesign.core.lineage.citation import citation
from opendesign.core.lineage.provenance import PROV, provenance
from opendesign.core.lineage.sheet import COLUMNS, sheet

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ADA, BIA, EVA = Agent("Ada Whitfield", "ada"), Agent("Bia", "bia"), Agent("Eva Lima “é” <x>\\")
FIRST, SECOND, TAKEN = "a" * 40, "b" * 40, "c" * 40
RIBS = Adopted(
    7, "pick", "bia/box", TAKEN, "ada/box", SECOND, "=Ribs", ("author", "weight"), 0.75, 1, True, ADA, AT, proposal=3
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def account(**changes) -> Account:
    """Ada's box, a fork of Bia's that took ribs from it."""
    facts = {
        "base": "https://od.example",
        "design": "ada/box",
        "title": "Box: a “box”",
        "summary": "# No: comment\nbut 'text'",
        "licence": "CERN-OHL-W-2.0",
        "owner": ADA,
        "team": (ADA, BIA),
        "sha": SECOND,
        "made_at": AT,
        "version": "v1",
        "parent": "bia/box",
        "fork_sha": FIRST,
        "root": "bia/box",
        "commits": (Made(SECOND, "Second", (FIRST,), (ADA, EVA), AT), Made(FIRST, "First", (), (BIA,), AT)),
        "taken": (RIBS,),
        "shares": ((ADA, 600_000), (EVA, 400_000)),
    }
    return Account(**facts | changes)


def at(path: str) -> str:
    return f"https://od.example/{path}"


def test_prov_is_read_by_two_readers_alike():
    text = json.dumps(provenance(account()))
    told = ProvDocument.deserialize(content=text, format="jsonld")
    graph = Graph().parse(data=text, format="json-ld")
    by_rdf = ProvDocument.deserialize(content=graph.serialize(format="turtle"), format="rdf", rdf_format="turtle")
    for document in (told, by_rdf):
        entities = {each.identifier.uri for each in document.get_records(ProvEntity)}
        assert entities == {
            at(f"{path}/revisions/{sha}")
            for path, sha in (("ada/box", FIRST), ("ada/box", SECOND), ("bia/box", FIRST), ("bia/box", TAKEN))
        }
        activities = {each.identifier.uri for each in document.get_records(ProvActivity)}
        assert activities == {
            at(f"ada/box/revisions/{FIRST}#commit"),
            at(f"ada/box/revisions/{SECOND}#commit"),
            at("ada/box/lineage#adoption-7"),
        }
        agents = {each.identifier.uri for each in document.get_records(ProvAgent)}
        assert {at("ada"), at("bia"), at("ada/box#team"), at("bia/box#team")} < agents and len(agents) == 5
        assert len(list(document.get_records(ProvDerivation))) == 3
        assert len(list(document.get_records(ProvAssociation))) == 5
    shares = {str(value) for value in graph.objects(None, URIRef("https://od.example/api#ppm"))}
    assert shares == {"600000", "400000"}
    derived = graph.value(URIRef(at(f"ada/box/revisions/{SECOND}")), URIRef(f"{PROV}qualifiedGeneration"))
    assert derived is not None


def test_prov_is_understood_without_fetching_anything():
    contexts = provenance(account())["@context"]
    assert all(isinstance(each, dict) for each in contexts) and "@import" not in json.dumps(contexts)


@pytest.mark.parametrize("licence", ["", "LicenseRef-Ours", "MIT AND X", *(each.spdx for each in LICENCES)])
def test_a_citation_is_valid_with_any_licence(licence):
    text = citation(account(licence=licence))
    Citation(text).validate()
    assert ("license" in text) == (licence in {each.spdx for each in LICENCES})


@given(TEXTS, TEXTS, TEXTS)
def test_a_citation_is_valid_whatever_people_are_called(title, summary, name):
    people = (Agent(name), Agent(name), Agent(name, "ada"))
    cited = Citation(
        citation(account(title=title, summary=summary, shares=tuple((each, 1) for each in people), taken=(), parent=""))
    )
    cited.validate()
    assert cited.cffobj["cff-version"] == "1.2.0"


def test_authors_stand_in_the_order_of_their_credit():
    cited = Citation(citation(account()))
    authors = cited._parse()["authors"]
    assert [each["given-names"] for each in authors] == [ADA.name, EVA.name]
    assert authors[0]["alias"] == "ada" and "alias" not in authors[1]
    assert "Ada Whitfield" in cited.as_bibtex() and [r["title"] for r in cited._parse()["references"]] == ["bia/box"]
    assert Citation(citation(account(shares=())))._parse()["authors"][0]["alias"] == "ada"


def test_the_table_is_read_back_and_no_cell_is_a_formula():
    [row] = csv.DictReader(io.StringIO(sheet([RIBS]), newline=""))
    assert tuple(row) == COLUMNS and row["subject"] == "'=Ribs"
    assert (row["kind"], row["source"], row["share"], row["proposal"]) == ("pick", "bia/box", "0.75", "3")
    assert (row["evidence"], row["at"], row["credited"]) == ("author weight", "2026-01-02T03:04:05+00:00", "yes")


@given(st.sampled_from(FORMULAS), st.text(max_size=20), TEXTS)
def test_whatever_begins_like_a_formula_is_quoted(sign, rest, name):
    one = Adopted(1, "port", "a/b", TAKEN, "c/d", FIRST, sign + rest, (), 1.0, 1, True, Agent(sign + name), AT)
    [row] = list(csv.reader(io.StringIO(sheet([one]), newline="")))[1:]
    assert len(row) == len(COLUMNS) and not any(cell.startswith(FORMULAS) for cell in row)
