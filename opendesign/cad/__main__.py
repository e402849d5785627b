"""`python -m opendesign.cad`: the engine alone, in a process of 12 MB, as it imports nothing else of the service."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from opendesign.cad.options import EngineOptions
from opendesign.cad.serving import serve
from opendesign.core.log import speak


def become(address: Path, options: EngineOptions, off: Path, log: str) -> None:
    """Turns this process into an engine, which runs until it is told to stop; `log` is “text” or “json”.

    The parent's death is still told: prctl(2) keeps it across execve.
    """
    os.execv(sys.executable, [sys.executable, "-m", "opendesign.cad", str(address), str(off), log, written(options)])


def written(options: EngineOptions) -> str:
    """Returns options as one word, which `read` understands."""
    return json.dumps(asdict(options), default=str)


def read(word: str) -> EngineOptions:
    """Returns the options that `written` has written."""
    told = json.loads(word)
    told["jobs_folder"] = Path(told["jobs_folder"]) if told["jobs_folder"] else None
    return EngineOptions(**told | {"without": tuple(told["without"])})


def main(address: str, off: str, log: str, options: str) -> None:
    """Runs an engine as `become` says."""
    speak(log)
    serve(Path(address), read(options), Path(off))


if __name__ == "__main__":
    main(*sys.argv[1:])
