"""Where made files are kept, when not in a folder: a bucket of a store that speaks S3."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from opendesign.core.errors import Invalid

EXAMPLE = "s3://bucket/prefix?endpoint=http://store:9000&region=us-east-1"
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
KNOWN = {"endpoint", "region"}


@dataclass(frozen=True)
class BucketAddress:
    """A bucket, what all names in it begin with ("" or ending with a slash), and where it is if not at AWS."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""

    def __str__(self) -> str:
        """The address in words, as operators read it; there is never a secret in it."""
        return f"s3://{self.bucket}/{self.prefix}" + (f" at {self.endpoint}" if self.endpoint else "")


def read_bucket(url: str) -> BucketAddress:
    """Returns the bucket that a URL such as `s3://bucket/prefix?endpoint=…&region=…` names.

    Raises Invalid, without repeating the URL: somebody may have written a key into it.
    """
    try:
        parts = urlsplit(url)
        told = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        endpoint = urlsplit(told.get("endpoint", ""))
        whole = not endpoint.netloc or endpoint.scheme in ("http", "https")
    except ValueError:
        raise Invalid(f"shelf_url cannot be read; it looks like {EXAMPLE}.") from None
    if "@" in parts.netloc or "@" in endpoint.netloc:
        raise Invalid("shelf_url holds a key; give it as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead.")
    if told.keys() - KNOWN or parts.fragment:
        raise Invalid(f"shelf_url may say endpoint and region after the question mark, nothing else: {EXAMPLE}.")
    if not BUCKET.fullmatch(parts.netloc) or not whole or bool(told.get("endpoint")) != bool(endpoint.netloc):
        raise Invalid(f"shelf_url names no bucket, or no http:// or https:// endpoint; it looks like {EXAMPLE}.")
    prefix = parts.path.strip("/")
    return BucketAddress(parts.netloc, f"{prefix}/" if prefix else "", told.get("endpoint", ""), told.get("region", ""))
