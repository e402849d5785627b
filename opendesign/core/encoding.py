"""Files as texts and back to the same bytes: UTF-8, and for Python what its first lines name (PEP 263)."""

import codecs
import re

from opendesign.core.errors import Invalid

READABLE = 512 << 10  # bytes; a longer .py file is not read as source
COOKIE = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
BLANK = re.compile(r"[ \t\f]*(?:#.*)?")
LINES = re.compile(r"\r\n|\r|\n")
# By the names Python knows them under: those in which ASCII is ASCII and that take no longer for odd bytes.
KNOWN = re.compile(
    r"ascii|iso8859-\d+|cp(?:437|85\d|86[0-35-9]|874|932|949|950|125\d)|koi8-[rtu]|mac-roman|gb2312|gbk|gb18030|big5|"
    r"shift_jis|euc_jp|euc_kr"
)
WHY_UNREAD = {
    "size": f"it is larger than {READABLE >> 10} KiB, the most that is read as a script",
    "text": "it is neither UTF-8 nor in an encoding that its first lines name (# -*- coding: latin-1 -*-)",
}


def why_unread(size: int) -> str:
    """Returns why a Python file of so many bytes is not read as a source."""
    return "size" if size > READABLE else "text"


def decode(content: bytes) -> str | None:
    """Returns the text of a file, or None when it is no UTF-8 or too long to be one."""
    if len(content) > READABLE:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def text_of(path: str, content: bytes) -> str | None:
    """Returns the text of a file, a script's by the encoding it names; None unless `bytes_of` gives the bytes again."""
    if len(content) > READABLE or not path.endswith(".py"):
        return decode(content)
    for encoding in (named(content.decode("latin-1")), "utf-8"):
        try:
            text = content.decode(encoding)
            if bytes_of(path, text) == content:
                return text
        except (UnicodeError, Invalid):
            continue
    return None


def bytes_of(path: str, text: str) -> bytes:
    """Returns the bytes of a text, a script's in the encoding it names. Raises Invalid for letters it has not."""
    encoding = named(text) if path.endswith(".py") else "utf-8"
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as trouble:
        letter = text[trouble.start]
        raise Invalid(f"{path} is written in {encoding}, which has no “{letter}”.", [{"path": path}]) from trouble


def named(text: str) -> str:
    """Returns the encoding that one of the first two lines of a script names, UTF-8 where there is none we know."""
    for line in LINES.split(text[:4000], maxsplit=2)[:2]:
        if found := COOKIE.match(line):
            try:
                name = codecs.lookup(found[1]).name
            except LookupError:
                return "utf-8"
            return name if KNOWN.fullmatch(name) else "utf-8"
        if not BLANK.fullmatch(line):
            break
    return "utf-8"
