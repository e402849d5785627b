"""Who asks for something to be made: the name under which slots and turns are shared out."""

import hashlib
import ipaddress


def asker(person_id: int | None, address: str = "") -> str:
    """Returns `person 5`, or for a stranger `address 3f2a`; empty when nobody is known to ask.

    Sixteen bits of a digest keep strangers apart, and are too few to find an address again. Of IPv6 only the
    network counts: whoever has one address has all 2^64 of it.
    """
    if person_id is not None:
        return f"person {person_id}"
    if not address:
        return ""
    try:
        number = ipaddress.ip_address(address)
        where = ipaddress.ip_network((number, 64 if number.version == 6 else 32), strict=False).network_address.packed
    except ValueError:
        where = address.encode()
    return f"address {hashlib.blake2b(where, digest_size=2).hexdigest()}"
