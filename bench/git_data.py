"""Repositories for the figures of git: generated in seconds, the same every time except for noise."""

import random
from pathlib import Path

from opendesign.git import command

WORDS = [f"part{number}" for number in range(500)]


def history(path: Path, megabytes: int) -> None:
    """Fill a bare repository with commits on main until its pack has about so many megabytes."""
    chance = random.Random(megabytes)
    commits, files = 40, 10
    size = megabytes * 1_300_000 // (commits * files)
    parts: list[bytes] = []
    for step in range(commits):
        parts.append(_head(f"Step {step}", 1_700_000_000 + step))
        parts += [_file(f"parts/p{chance.randrange(60)}.step", _text(chance, size)) for _ in range(files)]
    _import(path, b"".join(parts))


def many_files(path: Path, count: int) -> tuple[str, str]:
    """Two branches apart from a start with `count` files; returns their commits."""
    names = [f"d{number % 40}/p{number}.py" for number in range(count)]
    parts = [_head("Start", 1_700_000_000)]
    parts += [_file(name, b"WIDTH = 1\n" * 20) for name in names]
    for branch, changed in (("ours", names[:20]), ("theirs", names[-20:])):
        parts.append(_head(branch, 1_700_000_100, branch, "refs/heads/main"))
        parts += [_file(name, f"# {branch}\n".encode() + b"WIDTH = 1\n" * 20) for name in changed]
    _import(path, b"".join(parts))
    ours, theirs = (command.run(path, "rev-parse", branch).decode().strip() for branch in ("ours", "theirs"))
    return ours, theirs


def _head(message: str, at: int, branch: str = "main", start: str = "") -> bytes:
    begin = f"from {start}\n" if start else ""
    text = f"commit refs/heads/{branch}\ncommitter A <a@b> {at} +0000\ndata {len(message)}\n{message}\n{begin}"
    return text.encode()


def _file(name: str, content: bytes) -> bytes:
    return b"M 644 inline %b\ndata %d\n%b\n" % (name.encode(), len(content), content)


def _text(chance: random.Random, size: int) -> bytes:
    """Half words that compress, half digits that do not."""
    noise = chance.randbytes(size // 2).hex()
    words = " ".join(chance.choices(WORDS, k=size // 28))
    lines = [
        f"{noise[at : at + 60]} {words[at % len(words) : at % len(words) + 20]}\n" for at in range(0, len(noise), 60)
    ]
    return "".join(lines).encode()


def _import(path: Path, feed: bytes) -> None:
    command.run(path, "-c", "core.fsync=none", "fast-import", "--quiet", feed=feed, seconds=300)
