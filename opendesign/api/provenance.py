"""Lineage to take along: PROV, the manifest with where it comes from, a citation, and the adoptions as a table."""

import hashlib
import json

from flask import request
from pydantic import Field
from werkzeug.wrappers import Response

from opendesign.actions.export_lineage import account_of, adoptions, manifest
from opendesign.actions.house import Work
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.serving import READ_HEADERS
from opendesign.api.shape import Query
from opendesign.api.visit import public_url
from opendesign.core.lineage.citation import citation
from opendesign.core.lineage.provenance import provenance
from opendesign.core.lineage.sheet import sheet
from opendesign.records.design import Design

LD, TOML, YAML, CSV = "application/ld+json", "application/toml", "application/yaml", "text/csv"


class Which(Query):
    """Which revision."""

    ref: str = Field("", description="A branch, tag or commit; by default the default branch.")


@operation("GET", f"{DESIGN}/prov.jsonld", {200: None}, verb="see", query=Which, media=[LD])
def prov(work: Work, design: Design, query: Which) -> Answer:
    """Downloads who made a revision from what, in PROV as JSON-LD.

    An entity is a revision, an activity a commit or an adoption, an agent one of the people or the team of a design. It
    has the newest 1,000 commits. What is private stays out, whoever asks.
    """
    account = account_of(work, design, query.ref, public_url())
    return _file(json.dumps(provenance(account), ensure_ascii=False, indent=1), LD, "prov.jsonld")


@operation("GET", f"{DESIGN}/okh.toml", {200: None}, verb="see", query=Which, media=[TOML])
def okh(work: Work, design: Design, query: Which) -> Answer:
    """Downloads the manifest of a revision with what other services can follow.

    To the revision's own okh.toml, or a short one where it has none, come `fork-of` and `[coop]`: the address of the
    family's first design, the team, the commit it was forked at, and what it has adopted.
    """
    account = account_of(work, design, query.ref, public_url())
    return _file(manifest(work, design, account), TOML, "okh.toml")


@operation("GET", f"{DESIGN}/CITATION.cff", {200: None}, verb="see", query=Which, media=[YAML])
def cite(work: Work, design: Design, query: Which) -> Answer:
    """Downloads how to cite a revision, its authors in the order of their credit (Citation File Format 1.2.0)."""
    return _file(citation(account_of(work, design, query.ref, public_url())), YAML, "CITATION.cff")


@operation("GET", f"{DESIGN}/lineage.csv", {200: None}, verb="see", media=[CSV])
def table(work: Work, design: Design) -> Answer:
    """Downloads the adoptions of the family, one a row, oldest first.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    return _file(sheet(adoptions(work, design)), CSV, "lineage.csv")


def _file(text: str, media: str, name: str) -> Answer:
    content = text.encode("utf-8", "replace")
    sent = Response(content, content_type=f"{media}; charset=utf-8", headers=READ_HEADERS)
    sent.headers.set("Content-Disposition", "attachment", filename=name)
    sent.set_etag(hashlib.sha256(content).hexdigest()[:32])
    return Answer(sent.make_conditional(request))
