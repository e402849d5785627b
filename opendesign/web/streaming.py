"""Sends a file that somebody keeps here while it is read, in flat memory."""

from typing import BinaryIO

from flask import Response
from werkzeug.wsgi import FileWrapper

PIECE = 64 << 10


def streamed(file: BinaryIO, size: int, kind: str) -> Response:
    """Returns an answer with a file of so many bytes; `make_conditional` can cut it down to the part asked for.

    Not by the server's own way to send files: that reads all that comes before a part, wherever it lies.
    """
    answer = Response(FileWrapper(file, PIECE), mimetype=kind, direct_passthrough=True)
    answer.content_length = size
    return answer
