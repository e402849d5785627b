"""What is unusual about what was built: clean facts from a source nobody trusts, and sentences for them.

A remark is a dictionary: kind (a word of SENTENCES), shape (its name, "" for all together), at ([x, y, z], mm, or
None), count, value (mm), fault (the kernel's word for what is wrong) and message.
"""

import re

from opendesign.core.errors import Invalid
from opendesign.core.measurement import clean_name, count, numbers, one_number

MOST_REMARKS = 200
LONGEST_MESSAGE = 300
FAULT = re.compile(r"[A-Za-z]{1,60}")
SENTENCES = {
    "invalid": "the geometry kernel calls this shape invalid{fault}; it may fail to print or to combine",
    "open": "this solid is open: {count} of its edges have a face on one side only",
    "leaky": "the triangles of this solid leave a gap, so it may not print",
    "inside-out": "this solid is inside out, so its volume is negative",
    "thin": "a wall here is {value:.2g} mm thin",
    "bodies": "this is one part of {count} separate solids",
    "flat": "this is flat, so it has an area and no volume",
    "surface": "this is a surface, not a solid, so it has no volume",
    "lines": "this is only lines, not a solid, so it has no volume",
    "tiny": "all of this is {value:.2g} mm long; were metres or inches meant? A length of 1 is 1 mm",
    "huge": "all of this is {value:.0f} mm long; were micrometres meant? A length of 1 is 1 mm",
    "other": "{message}",
}
# What may well be meant, and what is hardly.
NOTES = ("flat", "bodies", "lines")


def check(remarks: object) -> list[dict]:
    """Returns remarks from hostile JSON, cleaned; raises Invalid with what is wrong."""
    if not isinstance(remarks, list) or len(remarks) > MOST_REMARKS:
        raise Invalid(f"The remarks are not a list of at most {MOST_REMARKS}.")
    return [check_one(remark) for remark in remarks]


def check_one(remark: object) -> dict:
    """Returns one remark, cleaned, with its sentence. Raises Invalid."""
    if not isinstance(remark, dict) or not isinstance(remark.get("kind"), str) or remark["kind"] not in SENTENCES:
        raise Invalid("A remark is of no known kind.")
    fault, message = remark.get("fault", ""), remark.get("message", "")
    shape = remark.get("shape", "")
    clean = {
        "kind": remark["kind"],
        "shape": clean_name(shape) if shape != "" else "",
        "at": None if remark.get("at") is None else numbers(remark["at"], 3, "at"),
        "count": count(remark, "count"),
        "value": one_number(remark.get("value", 0), "value"),
        "fault": fault if isinstance(fault, str) and FAULT.fullmatch(fault) else "",
        "message": message[:LONGEST_MESSAGE] if isinstance(message, str) else "",
    }
    return clean | {"message": sentence(clean)}


def other(message: str) -> dict:
    """Returns a remark of a kind that has no facts, only a sentence."""
    return check_one({"kind": "other", "message": message})


def sentence(remark: dict) -> str:
    """Returns a remark in English, with the shape's name in front."""
    fault = f" ({words(remark['fault'])})" if remark["fault"] else ""
    text = SENTENCES[remark["kind"]].format(**{**remark, "fault": fault})
    return f"{remark['shape']}: {text}" if remark["shape"] else text


def words(fault: str) -> str:
    """Returns the kernel's word in words: SelfIntersectingWire is "self intersecting wire"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", fault).lower()
