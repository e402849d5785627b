"""Reads the hostile scripts and runs them."""

import sysconfig
from pathlib import Path

from opendesign.cad.engine import Engine, Job
from opendesign.cad.outcome import Outcome

SCRIPTS = Path(__file__).parent / "scripts"
CHECKOUT = Path(__file__).parents[2]
PRELUDE = (SCRIPTS / "prelude.py").read_text()
# The groups of the suite, and what must not come true.
GROUPS = {
    "read": "files of the host are read",
    "write": "files of the host are written",
    "network": "somebody is reached, or can reach the job",
    "processes": "something is started, signalled or looked at",
    "resources": "one job takes more than its share",
    "result_channel": "what a job leaves is believed, or read at any price",
    "persistence": "something stays for the next job",
    "integrity": "the engine, or the jail, is changed or brought down",
    "names": "a name, text or value is taken for something else",
}
HONEST = """
if "NO_MODEL" not in globals() and "result" not in globals():
    import cadquery

    result = cadquery.Workplane().box(1, 2, 3)
"""


def library() -> Path:
    """Returns a small library that this Python could load."""
    return min(Path(sysconfig.get_config_var("DESTSHARED")).glob("*.so"), key=lambda path: path.stat().st_size)


class Attack:
    """A hostile script with what its first lines promise about its end."""

    def __init__(self, path: Path):
        self.path = path / "model.py" if path.is_dir() else path
        self.name = path.stem
        lines = self.path.read_text().splitlines()
        words = [line[2:].partition(": ") for line in lines if line.startswith("# ") and ": " in line]
        self.promises = {key: value for key, _, value in words}
        self.ends = self.promises["ends"].split(", ")
        self.line = next((number for number, line in enumerate(lines, 1) if "# HERE" in line), None)

    def files(self, secret: Path, port: int, engine: Engine) -> dict[str, bytes]:
        """Returns what the job may read: the script behind the prelude, and what lies beside it."""
        prelude = PRELUDE
        places = {"@SECRET@": str(secret), "PORT = 0": f"PORT = {port}", "@ENGINE@": str(engine.address)}
        for mark, value in (places | {"@CHECKOUT@": str(CHECKOUT)}).items():
            prelude = prelude.replace(mark, value)
        files = {"model.py": (self.path.read_text() + HONEST).encode(), "prelude.py": prelude.encode()}
        if self.path.name == "model.py":
            beside = [path for path in self.path.parent.rglob("*.py") if path != self.path]
            files |= {str(path.relative_to(self.path.parent)): path.read_bytes() for path in beside}
            files["payload.so"] = library().read_bytes()
        return files

    def run(self, engine: Engine, files: dict[str, bytes]) -> Outcome:
        """Runs it as the model it claims to be."""
        seconds = float(self.promises.get("seconds", "20"))
        formats = tuple(self.promises["formats"].split()) if "formats" in self.promises else ()
        return engine.build(Job("model.py", files, formats=formats, seconds=seconds))


def attacks(group: str) -> list[Attack]:
    """Returns the attacks of a group."""
    paths = sorted(path for path in (SCRIPTS / group).iterdir() if path.suffix == ".py" or path.is_dir())
    return [Attack(path) for path in paths if path.name != "__pycache__"]
