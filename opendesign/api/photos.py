"""Photos of what people made of a design."""

from werkzeug.wrappers import Response

from opendesign.actions.house import Work
from opendesign.api.made import MADE
from opendesign.api.operation import Answer, operation
from opendesign.core.build import SANDBOX
from opendesign.records.design import Design
from opendesign.records.made import one_made, photo_of

HOUR = 3600


@operation("GET", f"{MADE}/photos/{{photo}}", {200: None}, verb="see", media=["image/jpeg"])
def show(work: Work, design: Design, made: int, photo: str) -> Answer:
    """Sends a photo of what somebody made; with `-small` after its name a small one, 480 pixels at most."""
    row = one_made(work.session, design, work.belongs(design), made)
    found = photo_of(row, photo.removesuffix("-small"))
    answer = Response(found.small if photo.endswith("-small") else found.picture, mimetype="image/jpeg")
    public = design.visibility == "public" and not row.private
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = f"{'public' if public else 'private'}, max-age={HOUR}"
    answer.headers["Vary"] = "Authorization"
    return Answer(answer)
