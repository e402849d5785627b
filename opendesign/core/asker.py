"""Who asks for something to be made: the name under which slots and turns are shared out."""

import hashlib
import ipaddress


def asker(person_id: int | None, address: str = "") -> str:
    """Returns `person 5`, or for a stranger `address 3f2a`; empty when nobody is known to ask.

    Sixteen bits of a digest keep strangers apart, and are too few to find an address again.
    """
    if person_id is not None:
        return f"person {person_id}"
    if not address:
        return ""
    return f"address {hashlib.blake2b(place(address).encode(), digest_size=2).hexdigest()}"


def place(address: str) -> str:
    """Returns what every brake counts an address as: itself, of IPv6 its network.

    Whoever has one address of IPv6 has all 2^64 of its network; `::ffff:192.0.2.1` is an address of IPv4.
    """
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(number, ipaddress.IPv4Address):
        return str(number)
    return str(number.ipv4_mapped or ipaddress.IPv6Network((int(number), 64), strict=False))
