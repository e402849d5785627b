"""Secrets of visits and tokens: long random words of which only a hash is kept."""

import hashlib
import secrets

TOKEN_PREFIX = "od_"  # so that secret scanners can know it


def new_secret() -> str:
    """Returns 256 random bits as text."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """Returns what is kept of a secret; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
