"""Secrets: long random words of which only a hash is kept, and signs on what is sent out."""

import base64
import hashlib
import hmac
import secrets

TOKEN_PREFIX = "od_"  # so that secret scanners can know it


def new_secret() -> str:
    """Returns 256 random bits as text."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """Returns what is kept of a secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sign(key: str, text: str) -> str:
    """Returns the sign that only who has the key can put on a text: 128 bits, which stand in an address."""
    made = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:16]).decode().rstrip("=")


def is_signed(key: str, text: str, given: str) -> bool:
    """Tells whether that is the sign of a text."""
    return hmac.compare_digest(sign(key, text).encode(), given.encode())
