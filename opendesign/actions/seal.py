"""Seals what is not kept as a hash, such as tokens for other servers: whoever reads the records does not read that."""

import base64
from hashlib import scrypt

from cryptography.fernet import Fernet, InvalidToken

from opendesign.actions.house import House
from opendesign.core.errors import Invalid

PURPOSE = b"opendesign: secrets for other servers"


def seal(house: House, text: str) -> str:
    """Returns a text encrypted with a key made of the service's secret (Fernet: AES-128 in CBC mode, HMAC-SHA256)."""
    return _lock(house).encrypt(text.encode()).decode() if text else ""


def unseal(house: House, sealed: str) -> str:
    """Returns the text; raises Invalid when the service's secret has changed since."""
    try:
        return _lock(house).decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken as changed:
        raise Invalid("The service's secret has changed since the token was given; give it again.") from changed


def _lock(house: House) -> Fernet:
    key = scrypt(house.secret.encode(), salt=PURPOSE, n=1 << 10, r=8, p=1, dklen=32)
    return Fernet(base64.urlsafe_b64encode(key))
