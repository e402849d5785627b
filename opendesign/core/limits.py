"""Every limit of the service with its default, in one place; settings may change them."""

from dataclasses import dataclass

KIB, MIB, GIB = 1024, 1024**2, 1024**3


@dataclass(frozen=True)
class Limits:
    """Limits in bytes, seconds, characters or counts, as each name says."""

    # Designs
    parameters_per_part: int = 200  # the most seen in 407 real scripts is 36
    parts_per_design: int = 500
    files_per_design: int = 20_000
    source_file_bytes: int = 1 * MIB
    data_file_bytes: int = 100 * MIB
    closure_files: int = 2_000
    closure_bytes: int = 64 * MIB  # copied into a job's memory file
    designs_per_owner: int = 1_000
    # Git
    push_bytes: int = 1 * GIB
    pushes_at_once: int = 8
    refs_per_design: int = 5_000
    commits_read_per_page: int = 50
    # Builds
    builds_per_push: int = 200
    builds_waiting_per_owner: int = 1_000
    build_seconds: int = 180  # the slowest of 363 real designs takes 139 s
    build_memory_bytes: int = 2 * GIB
    output_bytes: int = 256 * MIB
    results_per_build: int = 500
    log_bytes: int = 64 * KIB
    # Requests
    request_bytes: int = 32 * MIB
    json_depth: int = 32
    page_size: int = 30
    page_size_most: int = 100
    # Texts, in characters
    title: int = 120
    summary: int = 500
    commit_message: int = 10_000
    proposal_title: int = 200
    proposal_body: int = 64_000
    comment: int = 16_000
    token_label: int = 80
    # People
    entries_per_name: int = 10  # failed attempts to enter within `entry_window_seconds`
    entries_per_address: int = 50
    entry_window_seconds: int = 15 * 60
    people_per_address_a_day: int = 20
    tokens_per_person: int = 50
    # Anonymous builds with parameters
    builds_per_address_a_minute: int = 300  # a slider that is moved all the time asks 5 times a second


LIMITS = Limits()
