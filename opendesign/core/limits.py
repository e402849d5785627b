"""Limits that are the same for every service; those an operator may change stand in settings.py."""

from dataclasses import dataclass

MIB = 1024**2


@dataclass(frozen=True)
class Limits:
    """Limits in bytes, characters or counts, as each name says."""

    parameters_per_part: int = 200  # the most seen in 407 real scripts is 36
    closure_bytes: int = 128 * MIB  # what one script can read is copied into a job's memory file; real ones have 70
    designs_per_owner: int = 1_000
    tokens_per_person: int = 50
    sections_per_build: int = 40  # kept; the oldest goes when there is one more, and is made again when asked for
    archive_parts: int = 200  # of a revision, packed into one ZIP
    archive_bytes: int = 1024 * MIB  # before packing
    archive_seconds: int = 60  # for the parts that have to be made first; the rest is named in the archive's notice
    page_size: int = 30
    page_size_most: int = 100
    commit_message: int = 10_000
    proposal_body: int = 64_000


LIMITS = Limits()
