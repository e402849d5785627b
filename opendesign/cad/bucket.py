"""Objects in a bucket of a store that speaks S3: AWS, MinIO, Ceph, Garage, SeaweedFS …

This module, and with it the client library, is imported only where such a store is in use.
"""

import contextlib
import functools
import logging
import time
from collections.abc import Callable, Iterable, Iterator
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
# What is larger is sent in parts, of which a store takes ten thousand; all but the last have the same size.
PART, MOST_PARTS = 8 << 20, 9_000
# A store may have to put a few GiB together before it answers.
SETTLING_SECONDS = 300
# After a store has not answered nobody waits for it for so long: a thread of the web each would be gone otherwise.
REST_SECONDS = 5.0
AGAIN_SECONDS = 10
READ_SECONDS = 5
REGION = "us-east-1"  # what stores that have no regions want to be signed for
CONFIG = {
    "connect_timeout": 2,
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

    @contextlib.contextmanager
    def sending(self, name: str, pieces: Iterable[bytes], size: int) -> Iterator[Callable[[], None]]:
        """Sends an object that comes in pieces and lends what has it be there, whole; without that nothing is left.

        No more than one part of it is held in memory. Raises what `pieces` raises.
        """
        if size <= PART:
            content = b"".join(pieces)
            yield lambda: self.put(name, content)
            return
        with self._asking():
            upload = self._named(name) | {
                "UploadId": self._client.create_multipart_upload(**self._named(name))["UploadId"]
            }
        settled = False

        def settle() -> None:
            nonlocal settled
            self._settle(name, upload, tags, size)
            settled = True

        try:
            tags = [self._send(upload, number, part) for number, part in enumerate(in_parts(pieces, size), 1)]
            yield settle
        finally:
            if not settled:
                with contextlib.suppress(Away):
                    self._give_up(upload)

    def _send(self, upload: dict[str, str], number: int, part: bytes) -> dict:
        with self._asking():
            tag = self._client.upload_part(**upload, PartNumber=number, Body=part)["ETag"]
        return {"PartNumber": number, "ETag": tag}

    def _settle(self, name: str, upload: dict[str, str], tags: list[dict], size: int) -> None:
        patient = connect(self.address.endpoint, self.address.region, SETTLING_SECONDS)
        try:
            with self._asking():
                patient.complete_multipart_upload(**upload, MultipartUpload={"Parts": tags})
        except Away:  # asked twice, a store may say that it knows of no such upload any more
            found = self.look(name)
            if found is None or found.size != size:
                raise

    def _give_up(self, upload: dict[str, str]) -> None:
        with self._asking():
            self._client.abort_multipart_upload(**upload)

    def give_up_old(self, before: float) -> None:
        """Forgets what began to be sent before a moment (seconds since 1970) and never came: its sender was killed."""
        pages = self._client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self.address.bucket, Prefix=self.address.prefix
        )
        with self._asking():
            found = [each for page in pages for each in page.get("Uploads", ())]
        for each in found:
            if each["Initiated"].timestamp() < before:
                self._give_up({"Bucket": self.address.bucket, "Key": each["Key"], "UploadId": each["UploadId"]})

    def look(self, name: str) -> Object | None:
        """Returns what is known of an object; None when there is none."""
        with self._asking():
            try:
                found = self._client.head_object(**self._named(name))
            except ClientError as refused:
                if refused.response["Error"]["Code"] not in ABSENT:
                    raise
                return None
        return Object(name, found["ContentLength"], found["LastModified"])

    def read(self, name: str, start: int, size: int) -> bytes:
        """Returns so many bytes of an object from a place on. Raises NotFound."""
        with self._asking():
            part = f"bytes={start}-{start + size - 1}"
            return self._client.get_object(**self._named(name), Range=part)["Body"].read()

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
            log.error("The store of files refuses: %s", refused)
            raise _away() from refused
        except BotoCoreError as trouble:
            self._rest()
            log.error("The store of files does not answer: %s", trouble)
            raise _away() from trouble

    def _rest(self) -> None:
        self._resting_until = time.monotonic() + REST_SECONDS


@functools.cache
def connect(endpoint: str, region: str, patience: int = READ_SECONDS) -> BaseClient:
    """Returns a client, which all threads may share, that waits so many seconds for an answer."""
    session = shared_session()
    style = {"addressing_style": "path" if endpoint else "auto"}
    region = region or session.get_config_variable("region") or REGION
    config = Config(s3=style, read_timeout=patience, **CONFIG)
    return session.create_client("s3", region_name=region, endpoint_url=endpoint or None, config=config)


@functools.cache
def shared_session() -> Session:
    """Returns what clients are made by; for the first it reads 1 MB that describe what S3 is."""
    return get_session()


def in_parts(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yields what comes in pieces, so many bytes in all, as parts that a store takes."""
    most, held, length = max(PART, -(-size // MOST_PARTS)), [], 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        while length >= most:
            part = b"".join(held)
            held, length = [part[most:]], length - most
            yield part[:most]
    if length:
        yield b"".join(held)


def _away() -> Away:
    return Away("The store of files does not answer. Nothing is lost; try again in a minute.", AGAIN_SECONDS)
