"""The floor of builds: the same script and the same exports in one warm process, without jail, queue or shelf.

Reads a line of JSON {"source", "formats"} a time and answers {"ms"}; or {"before", "after"}, files of two shapes to
compare exactly. Started by building.py.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from opendesign.cad.inside import brep, exact, pairing, run


def main() -> None:
    """Answers until standard input ends."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what scripts print must not reach the answers
    run.warm()
    for line in sys.stdin:
        order = json.loads(line)
        if "before" in order:
            print(json.dumps({"ms": compared(order), "ok": True}), file=out, flush=True)
            continue
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            start = time.perf_counter()
            job = {"kind": "build", "part": "part.py", "formats": order["formats"]}
            result = run.perform(job, {"part.py": order["source"].encode()}, lambda name, content: None)
            taken = (time.perf_counter() - start) * 1000
            os.chdir("/")
        answer = {"ms": taken, "ok": result["ok"], "seconds": result.get("seconds"), "error": result.get("error")}
        print(json.dumps(answer), file=out, flush=True)


def compared(order: dict) -> float:
    """Returns the milliseconds of the exact booleans alone, their shared intersection among them."""
    group = pairing.Group(
        *(pairing.pieces(brep.read(Path(order[side]).read_bytes(), side)) for side in ("before", "after"))
    )
    start = time.perf_counter()
    assert exact.change(group) is not None
    return (time.perf_counter() - start) * 1000


main()
