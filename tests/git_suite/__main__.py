"""Git's own tests against the service's git edge: `make git-suite`, or `make git-suite ONLY="t5541 t5551"`.

Prints a table of what passed, and why what did not; ends with 1 when something failed that exceptions.toml does not
explain, or passed that it does.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.git.served import REPOSITORY
from tests.git_suite.source import built_source

FOLDER = REPOSITORY / "var" / "git-suite"
SECONDS = 1200
AT_ONCE = 2
ABOUT_HTTP = (5541, 5551, 5550, 5561, 5539, 5542, 5549, 5557, 5558, 5581, 5619, 5812)
ENDING_IN_HTTP = (5537, 5702, 5703, 5700, 5545, 5548, 410, 5616, 5601, 5510, 5500)
SCRIPTS = [f"t{number:04}" for number in (*ABOUT_HTTP, *ENDING_IN_HTTP)]
LINE = re.compile(r"(not )?ok \d+(?: - (.*?))?(?: # (skip|TODO) ?(.*))?")
NOT_ROOT = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
"""Git's tests of servers do not run as root; the number of another user is enough for them."""


@dataclass
class Outcome:
    """What came of a script: names of tests."""

    script: str
    passed: list[str]
    failed: list[str]
    skipped: int
    seconds: float


def run(source: Path, httpd: Path, script: str) -> Outcome:
    """Runs one script of git's tests; what it says is kept beside its results."""
    path = next((source / "t").glob(f"{script}-*.sh"))
    results = FOLDER / "results"
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "LIB_HTTPD"))}
    env |= {"GIT_TEST_HTTPD": "true", "LIB_HTTPD_PATH": str(httpd), "LIB_HTTPD_MODULE_PATH": str(results)}
    env |= {"GIT_TEST_INSTALLED": str(Path(shutil.which("git") or "git").parent)}
    env |= {"TEST_OUTPUT_DIRECTORY": str(results), "HOME": str(results)}
    words = [*(NOT_ROOT if os.getuid() == 0 else ()), "sh", path.name]
    start = time.monotonic()
    with open(results / f"{script}.out", "w") as said:
        told = {"stdin": subprocess.DEVNULL, "stdout": said, "stderr": subprocess.STDOUT}
        ended = subprocess.run(words, cwd=path.parent, env=env, timeout=SECONDS, **told).returncode
    return outcome(script, (results / f"{script}.out").read_text(errors="replace"), ended, time.monotonic() - start)


def outcome(script: str, said: str, ended: int, seconds: float) -> Outcome:
    """Reads what a script said of each test."""
    passed, failed, skipped = [], [], 0
    for line in said.splitlines():
        if found := LINE.fullmatch(line):
            wrong, name, mark, _ = found.groups()
            if mark:
                skipped += 1
            else:
                (failed if wrong else passed).append(name)
    if (ended and not failed) or not passed:
        failed.append(f"the script itself ended with {ended}")
    return Outcome(script, passed, failed, skipped, seconds)


def judge(found: Outcome, known: dict[str, dict[str, str]]) -> list[str]:
    """Prints the row of a script and its exceptions; returns what nothing explains."""
    why = known.get(found.script, {})
    explained = [name for name in found.failed if name in why]
    surprises = [f"{found.script}: fails: {name}" for name in found.failed if name not in why]
    surprises += [f"{found.script}: passes by now: {name}" for name in found.passed if name in why]
    counts = (len(found.passed), len(explained), len(found.failed) - len(explained), found.skipped)
    print(f"{found.script:7}" + "".join(f"{count:>11}" for count in counts) + f"{found.seconds:>9.0f} s", flush=True)
    for name in explained:
        print(f"        {name}: {known['reasons'][why[name]]}")
    return surprises


def launcher() -> Path:
    """The program that git's tests take for Apache's."""
    path = FOLDER / "httpd"
    path.write_text(f'#!/bin/sh\nPYTHONPATH="{REPOSITORY}" exec "{sys.executable}" -m tests.git_suite.httpd "$@"\n')
    path.chmod(0o755)
    return path


def main(chosen: list[str]) -> int:
    """Runs the chosen scripts, or all; returns the exit code."""
    source = built_source(FOLDER / "source")
    known = tomllib.loads(Path(__file__).with_name("exceptions.toml").read_text())
    shutil.rmtree(FOLDER / "results", ignore_errors=True)
    (FOLDER / "results").mkdir(parents=True)
    print(f"3/3 Running the tests of {source.name}; what they say is kept in {FOLDER / 'results'}")
    print(f"{'script':7}" + "".join(f"{word:>11}" for word in ("passed", "explained", "failed", "skipped")))
    total, surprises = 0, []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for found in pool.map(partial(run, source, launcher()), chosen or SCRIPTS):
            total += len(found.passed)
            surprises += judge(found, known)
    print(f"{total} passed; {len(surprises)} surprises", *surprises, sep="\n")
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
