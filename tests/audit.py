"""Asks whether anything in a lock has a known weakness: `python tests/audit.py requirements.lock`, in `make check`.

Ends with 1 for a weakness. An advisory service that does not answer is said and is no failure; packages that it does
not know are counted, since pip-audit calls those free of weaknesses too.
"""

import json
import subprocess
import sys

OPTIONS = ("--disable-pip", "--no-deps", "--progress-spinner=off", "--timeout=5", "--format=json")
SECONDS = 120


def ask(lock: str) -> tuple[list[dict], str]:
    """What pip-audit says of each package in a lock, and why it says nothing where it does not."""
    command = [sys.executable, "-m", "pip_audit", *OPTIONS, "--requirement", lock]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        return json.loads(told.stdout)["dependencies"], ""
    except subprocess.TimeoutExpired:
        return [], f"no answer within {SECONDS} s"
    except json.JSONDecodeError:
        return [], (told.stderr.strip().splitlines() or ["no answer"])[-1][:200]


def main(lock: str) -> int:
    """Says what was found in a lock; returns the exit code."""
    packages, trouble = ask(lock)
    known = [each for each in packages if "vulns" in each]
    weak = [(each, found) for each in known for found in each["vulns"]]
    for each, found in weak:
        mended = ", ".join(found.get("fix_versions") or []) or "no version yet"
        print(f"{each['name']} {each['version']}: {found['id']}, mended in {mended}")
    if not known:
        print(f"NOT AUDITED: the advisory service cannot be reached ({trouble or 'it knows none of the packages'}).")
    else:
        print(f"{lock}: {len(known)} packages audited, {len(packages) - len(known)} unknown, {len(weak)} weaknesses.")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
