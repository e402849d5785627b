"""Objects in a bucket of a store that speaks S3: AWS, MinIO, Ceph, Garage, SeaweedFS …

This module, and with it the client library, is imported only where such a store is in use.
"""

import contextlib
import functools
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session, get_session

from opendesign.core.errors import Away, NotFound
from opendesign.core.shelf import BucketAddress

ABSENT = ("404", "NoSuchKey")
BUSY = (429, 503)
PIECE = 1 << 20
# After a store has not answered nobody waits for it for so long: a thread of the web each would be gone otherwise.
REST_SECONDS = 5.0
AGAIN_SECONDS = 10
REGION = "us-east-1"  # what stores that have no regions want to be signed for
CONFIG = {
    "connect_timeout": 2,
    "read_timeout": 5,
    "retries": {"mode": "standard", "total_max_attempts": 2},
    "max_pool_connections": 32,
    "signature_version": "s3v4",
    # Other stores than AWS do not know its newer checksums; signatures cover what is sent all the same.
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}
log = logging.getLogger(__name__)
logging.getLogger("botocore").setLevel(logging.WARNING)  # it tells each process where its keys were found


@dataclass(frozen=True)
class Object:
    """What a listing says of an object: its name below the prefix, its bytes, and when it was put."""

    name: str
    size: int
    at: datetime


class Bucket:
    """A bucket, asked with the credentials that AWS's own tools would find (AWS_ACCESS_KEY_ID and its like).

    Everything raises Away when the store does not answer, or refuses; the log then says why.
    """

    def __init__(self, address: BucketAddress):
        self.address = address
        self._resting_until = 0.0
        self._client = connect(address.endpoint, address.region)

    def put(self, name: str, content: bytes) -> None:
        """Stores an object; whoever reads gets all of it or what was there before."""
        with self._asking():
            self._client.put_object(**self._named(name), Body=content)

    def fetch(self, name: str, file: BinaryIO) -> datetime:
        """Copies an object into a file and returns when it was put. Raises NotFound."""
        with self._asking():
            answer = self._client.get_object(**self._named(name))
            for piece in answer["Body"].iter_chunks(PIECE):
                file.write(piece)
            return answer["LastModified"]

    def below(self, start: str) -> Iterator[Object]:
        """Yields the objects whose names start so, in the order of their names; a request for each thousand."""
        before = len(self.address.prefix)
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.address.bucket, Prefix=self.address.prefix + start
        )
        with self._asking():
            for page in pages:
                for each in page.get("Contents", ()):
                    yield Object(each["Key"][before:], each["Size"], each["LastModified"])

    def remove(self, name: str) -> None:
        """Removes an object; there may be none."""
        with self._asking():
            self._client.delete_object(**self._named(name))

    def ask(self) -> None:
        """Asks whether the bucket is there."""
        with self._asking():
            self._client.head_bucket(Bucket=self.address.bucket)

    def make(self) -> None:
        """Makes the bucket unless it is there."""
        region, more = self._client.meta.region_name, {}
        if not self.address.endpoint and region != REGION:
            more = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        with self._asking():
            try:
                self._client.head_bucket(Bucket=self.address.bucket)
            except ClientError as refused:
                if refused.response["Error"]["Code"] not in ABSENT:
                    raise
                self._client.create_bucket(Bucket=self.address.bucket, **more)

    def _named(self, name: str) -> dict[str, str]:
        return {"Bucket": self.address.bucket, "Key": self.address.prefix + name}

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        if time.monotonic() < self._resting_until:
            raise _away()
        try:
            yield
        except ClientError as refused:
            if refused.response["Error"]["Code"] in ABSENT and refused.operation_name == "GetObject":
                raise NotFound("There is no such file any more.") from None
            if refused.response["ResponseMetadata"]["HTTPStatusCode"] in BUSY:
                self._rest()
            log.error("The store of made files refuses: %s", refused)
            raise _away() from refused
        except BotoCoreError as trouble:
            self._rest()
            log.error("The store of made files does not answer: %s", trouble)
            raise _away() from trouble

    def _rest(self) -> None:
        self._resting_until = time.monotonic() + REST_SECONDS


@functools.cache
def connect(endpoint: str, region: str) -> BaseClient:
    """Returns a client, which all threads may share."""
    session = shared_session()
    style = {"addressing_style": "path" if endpoint else "auto"}
    region = region or session.get_config_variable("region") or REGION
    return session.create_client(
        "s3", region_name=region, endpoint_url=endpoint or None, config=Config(s3=style, **CONFIG)
    )


@functools.cache
def shared_session() -> Session:
    """Returns what clients are made by; for the first it reads 1 MB that describe what S3 is."""
    return get_session()


def _away() -> Away:
    return Away("The store of made files does not answer. Nothing is lost; try again in a minute.", AGAIN_SECONDS)
