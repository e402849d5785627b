"""How much git may be asked for; every field is a setting of the same name in capitals."""

from dataclasses import dataclass, fields

from opendesign.core.errors import TooLarge

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True)
class GitLimits:
    """Limits of the git ring: bytes, seconds and counts."""

    push_bytes: int = 2 * GIB
    """Most bytes of one push on the wire."""
    file_bytes: int = 512 * MIB
    """Most bytes of one file, unpacked."""
    unpacked_bytes: int = 8 * GIB
    """Most bytes of everything in one push, unpacked: a pack of zeros is small on the wire."""
    push_objects: int = 2_000_000
    """Most objects in one push."""
    push_refs: int = 1_000
    """Most branches and tags moved by one push."""
    refs: int = 10_000
    """Most branches and tags of a design."""
    request_bytes: int = 10 * MIB
    """Most bytes of a fetch request after inflating: a 5.8 MB request of zeros kept a server busy for 46 s.
    """
    read_bytes: int = 64 * MIB
    """Most bytes of a file read into memory."""
    diff_bytes: int = 2 * MIB
    """Most bytes of a patch that are shown."""
    diff_lines: int = 3_000
    """Most lines of one file's patch that are shown."""
    git_seconds: int = 60
    """Longest time for a question to git."""
    walk_commits: int = 20_000
    """Most commits looked at to find who touched a file last."""
    answers_bytes: int = 2 * GIB
    """Most bytes on disk of kept answers to fetches."""
    import_bytes: int = 2 * GIB
    """Most bytes that one import, or one fetch of a mirror, may bring."""
    import_seconds: int = 1800
    """Longest time that an import, a fetch of a mirror, or a push to another server may take."""


SETTINGS = {field.name: f"OPENDESIGN_{field.name.upper()}" for field in fields(GitLimits)}


def in_words(size: int) -> str:
    """A number of bytes for people: "2 GiB", "10 MiB", "700 bytes"."""
    for unit, word in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if size >= unit:
            return f"{size / unit:.1f} {word}".replace(".0 ", " ")
    return f"{size} bytes"


def too_large(what: str, limits: GitLimits, field: str) -> TooLarge:
    """The refusal for `what`, naming the limit and its setting; raise it."""
    limit = getattr(limits, field)
    amount = in_words(limit) if field.endswith("_bytes") else f"{limit:,}"
    return TooLarge(f"{what} passes the limit of {amount} (setting {SETTINGS[field]}).")
