"""What people made of a design: said with photos and readings, confirmed or doubted by others."""

import base64
import binascii
from datetime import datetime
from typing import Literal

from flask import g
from pydantic import ConfigDict, Field

from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.judge_made import Judged, judge_made, offs
from opendesign.actions.tell_made import change_made, read_photos, tell_made, withdraw_made
from opendesign.actions.vouch import unvouch, vouch
from opendesign.api.designs import address
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, DesignPath, Name, Page, Sha, Shown, Value, example
from opendesign.api.visit import brake, public_url
from opendesign.core.errors import Invalid
from opendesign.core.made import Account, Off
from opendesign.records.design import Design, page_of
from opendesign.records.made import Made, Photo, made_of, one_made

MADE = f"{DESIGN}/made/{{made}}"
PHOTO_WEIGHT = 5  # as how many wishes for a build a photo counts
Result = Literal["worked", "changed", "failed"]
Process = Literal["", "FDM", "SLA", "SLS", "MJF", "DMLS", "CNC", "laser", "other"]
WORDS = {
    "result": "worked",
    "process": "FDM",
    "place": "Oficina da Bia, São Paulo",
    "machine": "a printer of our own, 0.8 mm nozzle",
    "material": "PETG",
    "recycled": 100,
    "note": "Upright, 0.24 mm layers.",
}
TOLD = {
    "number": 1,
    "design": "ada/laptop-case",
    "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
    "part": "hinge.py",
    "values": {"KNUCKLES": 5},
    "by": "bia",
    **WORDS,
    "readings": [{"axis": "x", "measured_mm": 40.1, "model_mm": 40.0, "off_mm": 0.1, "off_share": 0.0025}],
    "photos": [],
    "at": "2024-05-01T12:00:00Z",
    "told_at": "2024-05-01T12:00:00Z",
    "state": "verified",
    "words": [{"by": "ada", "word": "confirmed", "reason": "", "at": "2024-05-02T12:00:00Z", "counts": True}],
    "href": "/api/v1/designs/ada/laptop-case/made/1",
    "html_url": "https://opendesign.example/ada/laptop-case/made/1",
}


class ReadingShown(Shown):
    """What a calliper says beside the model's own size along an axis of the model."""

    axis: Literal["x", "y", "z"]
    measured_mm: float
    model_mm: float | None = Field(description="null while the model is not built.")
    off_mm: float | None = Field(description="How much larger than the model it came out.")
    off_share: float | None = Field(description="The same as a part of the model's size.")


class PhotoShown(Shown):
    """A photo, drawn anew as JPEG: nothing in it tells where or by which camera it was taken."""

    name: str
    width: int
    height: int
    href: str
    small_href: str


class WordShown(Shown):
    """What somebody says of a thing that another made."""

    by: Name | None
    word: Literal["confirmed", "doubted"]
    reason: str
    at: datetime
    counts: bool = Field(
        description="False for whoever is of one team with the maker, and for words about what was changed since."
    )


class MadeShown(Shown):
    """A thing that somebody made of a design."""

    model_config = example(TOLD)
    number: int
    design: DesignPath
    commit: Sha
    part: str = Field(description="Empty for the whole.")
    values: dict[str, Value] = Field(description="Those that were not the script's own.")
    by: Name | None
    result: Result = Field(description="changed: it worked with changes, which the note tells.")
    process: Process
    place: str
    machine: str
    material: str
    recycled: int | None = Field(description="How much of the material was recycled, in per cent.")
    note: str
    readings: list[ReadingShown]
    photos: list[PhotoShown]
    at: datetime
    told_at: datetime = Field(description="When it was last changed; words given before count no more.")
    state: Literal["open", "verified", "doubted"] = Field(
        description="verified: somebody who is not of the maker's team confirms it."
    )
    words: list[WordShown]
    href: str
    html_url: str


class AccountTold(Body):
    """How something was made, and how it came out."""

    model_config = ConfigDict(str_max_length=None)
    result: Result = Field(description="changed and failed need a note.")
    process: Process = ""
    place: str = Field("", max_length=500, description="The lab, or where it was.")
    machine: str = Field("", max_length=500)
    material: str = Field("", max_length=500)
    recycled: int | None = Field(None, ge=0, le=100, description="Of the material, in per cent.")
    note: str = Field("", max_length=20_000)
    readings: dict[Literal["x", "y", "z"], float] = Field({}, description="A calliper's, in mm, of one part.")
    photos: list[str] = Field([], max_length=6, description="JPEG, PNG or WebP as base64; at most 6 in all.")

    def account(self) -> Account:
        """Returns what is said."""
        words = {name: getattr(self, name) for name in ("process", "place", "machine", "material", "recycled", "note")}
        return Account(self.result, readings={str(axis): mm for axis, mm in self.readings.items()}, **words)

    def pictures(self) -> list[bytes]:
        """Returns the photos; raises Invalid for what is no base64."""
        try:
            return [base64.b64decode(each, validate=True) for each in self.photos]
        except (binascii.Error, ValueError):
            raise Invalid("A photo is not base64.", [{"name": "photos", "message": "are not base64"}]) from None


class MadeTold(AccountTold):
    """Something you made: from which revision, which part, with which values."""

    model_config = AccountTold.model_config | example(
        WORDS | {"commit": "main", "part": "hinge.py", "values": {"KNUCKLES": 5}, "readings": {"x": 40.1}}
    )
    commit: str = Field("", max_length=300, description="A published branch, tag or commit; by default the newest.")
    part: str = Field("", max_length=1000, description="A part's path; empty for the whole.")
    values: dict[str, Value] = Field({}, description="Of the part's parameters, where not the script's own.")


class MadeChanged(AccountTold):
    """What you say of it now; photos are added."""

    model_config = AccountTold.model_config | example(WORDS | {"without": []})
    without: list[str] = Field([], max_length=6, description="Names of photos that go.")


class Spoken(Body):
    """What you say of a thing that another made."""

    model_config = Body.model_config | example({"word": "confirmed", "reason": "I have it in my hands."})
    word: Literal["confirmed", "doubted"]
    reason: str = Field("", description="A doubt needs one.")


class OfWhich(Page):
    """Which things are wanted."""

    part: str | None = Field(None, description="Only of this part; empty for the whole.")
    commit: str = Field("", max_length=300, description="Only from this revision.")


def draw(owner: str, name: str, body: AccountTold, made: int = 0) -> None:
    """Draws the photos anew before anything is written."""
    brake(1 + PHOTO_WEIGHT * len(body.photos))
    g.photos = read_photos(body.pictures())


@operation("GET", f"{DESIGN}/made", list[MadeShown], verb="see", query=OfWhich)
def list_all(work: Work, design: Design, query: OfWhich) -> Answer:
    """Lists what people made of a design, newest first."""
    sha = find_revision(work, design, query.commit).sha if query.commit else ""
    wanted = made_of(design, work.belongs(design), query.part, sha)
    rows, total = page_of(work.session, wanted, query.page, query.per_page)
    return Answer([_shown(work, each) for each in judge_made(work, rows, [design.id])], total=total)


@operation("POST", f"{DESIGN}/made", {201: MadeShown}, verb="make", body=MadeTold, large=True, before=draw)
def tell(work: Work, design: Design, body: MadeTold) -> Answer:
    """Says that you made a part of a design, or all of it; its team is told.

    It counts as verified once somebody who is not of your team confirms it. Photos are drawn anew: where and by what
    they were taken does not stay in them.
    """
    row = tell_made(work, design, body.account(), body.commit, body.part, body.values, g.pop("photos", []))
    return Answer(_one(work, row), 201, _href(row))


@operation("GET", MADE, MadeShown, verb="see")
def show(work: Work, design: Design, made: int) -> Answer:
    """Shows a thing that somebody made, and what others say of it."""
    return Answer(_one(work, _found(work, design, made)))


@operation("PUT", MADE, MadeShown, verb="make", body=MadeChanged, large=True, before=draw)
def change(work: Work, design: Design, made: int, body: MadeChanged) -> Answer:
    """Changes what you said of a thing you made; revision, part and values stay.

    Who confirmed or doubted it until now spoke of something else: their words count no more until they say so again.
    """
    row = _found(work, design, made)
    change_made(work, row, body.account(), body.without, g.pop("photos", []))
    return Answer(_one(work, row))


@operation("DELETE", MADE, {204: None}, verb="make")
def withdraw(work: Work, design: Design, made: int) -> Answer:
    """Takes back what you said you made, with its photos and what others said of it."""
    withdraw_made(work, _found(work, design, made))
    return Answer(None, 204)


@operation("PUT", f"{MADE}/word", MadeShown, verb="vouch", body=Spoken)
def speak(work: Work, design: Design, made: int, body: Spoken) -> Answer:
    """Confirms or doubts what somebody made; your last word counts.

    403 for the maker, and for whoever controls a design together with them, anywhere on this service.
    """
    row = _found(work, design, made)
    vouch(work, row, body.word, body.reason)
    return Answer(_one(work, row))


@operation("DELETE", f"{MADE}/word", {204: None}, verb="vouch")
def unspeak(work: Work, design: Design, made: int) -> Answer:
    """Takes back what you said of a thing that somebody made."""
    unvouch(work, _found(work, design, made))
    return Answer(None, 204)


def _found(work: Work, design: Design, number: int) -> Made:
    return one_made(work.session, design, work.belongs(design), number)


def _one(work: Work, row: Made) -> MadeShown:
    return _shown(work, judge_made(work, [row], [row.design_id])[0])


def _shown(work: Work, judged: Judged) -> MadeShown:
    row, counted = judged.made, {each.person for each in judged.words}
    names = ("result", "process", "place", "machine", "material", "recycled", "note", "number", "part", "at", "told_at")
    words = [
        {"by": each.person.name if each.person else None, "counts": each.person_id in counted}
        | {"word": each.word, "reason": each.reason, "at": each.at}
        for each in row.vouches
    ]
    return MadeShown.of(
        **{name: getattr(row, name) for name in names},
        design=row.design.path,
        commit=row.sha,
        values=row.settings,
        by=row.person.name if row.person else None,
        readings=[_reading(each) for each in offs(work, row)[0]],
        photos=[_photo(row, each) for each in row.photos],
        state=judged.state,
        words=words,
        href=_href(row),
        html_url=f"{public_url()}/{row.design.path}/made/{row.number}",
    )


def _reading(off: Off) -> ReadingShown:
    facts = {"measured_mm": off.measured, "model_mm": off.model, "off_mm": off.mm, "off_share": off.share}
    return ReadingShown.of(axis=off.axis, **facts)


def _photo(row: Made, photo: Photo) -> PhotoShown:
    href = f"{_href(row)}/photos/{photo.digest}"
    sides = {"width": photo.width, "height": photo.height}
    return PhotoShown(name=photo.digest, **sides, href=href, small_href=f"{href}-small")


def _href(row: Made) -> str:
    return f"{address(row.design)}/made/{row.number}"
