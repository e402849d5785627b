"""Photos as telephones take them: with the place and a remark inside."""

import io

from PIL import Image

PLACE, REMARK = "SECRET-WORKSHOP", b"SECRET-REMARK"


def photo(width: int = 400, height: int = 300, turned: bool = False) -> bytes:
    """A JPEG that says where it was taken, perhaps on its side."""
    facts = Image.Exif()
    facts[0x010E] = PLACE
    facts[0x0112] = 6 if turned else 1
    where = facts.get_ifd(0x8825)
    where[1], where[2] = "S", (23.0, 33.0, 1.0)
    place = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(place, "JPEG", exif=facts, comment=REMARK)
    return place.getvalue()
