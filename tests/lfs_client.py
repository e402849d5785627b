"""What git-lfs does, in the process of the test: a person who names, sends and has files of a design."""

import base64
import hashlib
from dataclasses import dataclass

from flask import Flask
from werkzeug.test import TestResponse

JSON = {"Content-Type": "application/vnd.git-lfs+json", "Accept": "application/vnd.git-lfs+json"}


def pointer(content: bytes) -> str:
    """The pointer that a repository has in place of a content."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid_of(content)}\nsize {len(content)}\n"


def oid_of(content: bytes) -> str:
    """The name of a content."""
    return hashlib.sha256(content).hexdigest()


@dataclass
class LfsClient:
    """Somebody's git-lfs, which knows their name and password, or token; without a name a stranger's."""

    app: Flask
    name: str = ""
    secret: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What says who asks."""
        known = base64.b64encode(f"{self.name}:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {known}"} if self.name else {}

    def ask(self, method: str, design: str, path: str, body: object = None, **options) -> TestResponse:
        """Asks the API of a design."""
        options.setdefault("headers", self.headers | JSON)
        address = f"{design}.git/info/lfs/{path}"
        return self.app.test_client().open(address, method=method, json=body, **options)

    def batch(self, design: str, operation: str, *files: tuple[str, object], **more) -> TestResponse:
        """Names files by oid and size."""
        objects = [{"oid": oid, "size": size} for oid, size in files]
        return self.ask("POST", design, "objects/batch", {"operation": operation, "objects": objects, **more})

    def told(self, design: str, operation: str, content: bytes) -> dict:
        """What is said of one content."""
        answer = self.batch(design, operation, (oid_of(content), len(content)))
        assert answer.status_code == 200, answer.text
        return answer.get_json()["objects"][0]

    def send(self, design: str, content: bytes, instead: bytes | None = None) -> TestResponse:
        """Sends a content, or other bytes in its place."""
        action = self.told(design, "upload", content)["actions"]["upload"]
        return self.app.test_client().put(
            action["href"], data=content if instead is None else instead, headers=action["header"]
        )

    def have(self, design: str, content: bytes, **headers: str) -> TestResponse:
        """Has a content, or the part of it that is asked for."""
        action = self.told(design, "download", content)["actions"]["download"]
        return self.app.test_client().get(action["href"], headers=action["header"] | headers)
