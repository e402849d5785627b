"""What a Range header asks for (RFC 9110, section 14): one stretch of bytes is served, anything else is passed over."""

import re

ONE = re.compile(r"\s*bytes\s*=\s*(?:([0-9]{1,18})\s*-\s*([0-9]{1,18})?|-[0-9]{1,18})\s*", re.IGNORECASE)


def is_one_stretch(header: str) -> bool:
    """Says whether a Range header asks for exactly one stretch of bytes, be it beyond the end of the file.

    One that cannot be read, counts in other units or asks for several stretches may be ignored: all is sent then.
    """
    found = ONE.fullmatch(header)
    return found is not None and (found[2] is None or int(found[1]) <= int(found[2]))
