"""The name of the engine: part of every build's key, so that a new engine makes new builds."""

import hashlib
import re
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distributions, version
from pathlib import Path

INSIDE = Path(__file__).parent / "inside"
# The kernel, what reads and measures with it, and the fonts (they come with matplotlib): a new one gives other files.
ENGINE = ("cadquery", "cadquery-ocp", "build123d", "manifold3d", "ezdxf", "matplotlib")
KERNELS = ("cadquery", "build123d")
NAME = re.compile(r"[A-Za-z0-9._-]+")


@cache
def engine_version() -> str:
    """Returns the kernel and a digest of our code in the jail and of all packages designs may import.

    It reads `cadquery 2.8.0, build123d 0.12.0, ocp 7.9.3.1.1, 3f2a91c04b1d`.
    """
    digest = hashlib.sha256()
    for path in sorted(INSIDE.glob("*.py")):  # the jail around it (inside/jail) does not change results
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for name, number in [*engine_packages().items(), *model_packages().items()]:
        digest.update(f"{name} {number}\0".encode())
    found = engine_packages()
    names = f"cadquery {found['cadquery']}, build123d {found.get('build123d', '–')}, ocp {found['cadquery-ocp']}"
    return f"{names}, {digest.hexdigest()[:12]}"


@cache
def engine_packages() -> dict[str, str]:
    """Returns the packages the engine is made of, with their versions."""
    found = {}
    for name in ENGINE:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@cache
def model_packages() -> dict[str, str]:
    """Returns what designs may import beside the engine itself: names and versions, in order.

    These are the packages of our extra `models`, and all others in this environment that build on CadQuery or
    build123d: an operator allows one more by installing it.
    """
    installed = {plain(each.metadata["Name"] or ""): each for each in distributions()}
    ours = installed.get("opendesign")
    asked = {plain(name_in(line)) for line in (ours.requires or []) if "extra" in line} if ours else set()
    builders = {name for name, each in installed.items() if builds_on_kernel(each)}
    names = sorted((asked | builders) & installed.keys() - {"opendesign", *KERNELS})
    return {name: installed[name].version for name in names}


def builds_on_kernel(package: Distribution) -> bool:
    """Says whether a package needs CadQuery or build123d."""
    needed = [line for line in package.requires or [] if "extra" not in line]
    return any(plain(name_in(line)) in KERNELS for line in needed)


def name_in(requirement: str) -> str:
    """Returns the name in a requirement such as `cqkit>=0.5`."""
    found = NAME.match(requirement)
    return found.group() if found else ""


def plain(name: str) -> str:
    """Returns a package's name in its normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()
