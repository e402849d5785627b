"""The source of the installed git, as Debian has it, with what its tests need built in it."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

SERVERS = (
    ("http://deb.debian.org/debian", ""),
    ("http://deb.debian.org/debian-security", "-security"),
)
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
NEEDED = {"dpkg-source": "dpkg-dev", "make": "make", "gcc": "gcc", "perl": "perl", "curl": "curl", "gpg": "gpg"}
WITHOUT = ("NO_GETTEXT=1", "NO_TCLTK=1", "NO_PYTHON=1", "NO_EXPAT=1", "NO_OPENSSL=1")
BUILT = ("t/helper/test-tool", "t/helper/test-fake-ssh", "GIT-BUILD-OPTIONS")


def built_source(folder: Path) -> Path:
    """The folder of the source below `folder`, which is fetched and built on first use.

    Ends the program where that is not possible, saying what is missing.
    """
    missing = [package for program, package in NEEDED.items() if not shutil.which(program)]
    if not Path("/usr/include/zlib.h").exists():
        missing.append("zlib1g-dev")
    if missing:
        raise SystemExit(f"Git's tests need more here: apt install {' '.join(missing)}")
    version = _said("dpkg-query", "-W", "-f", "${source:Version}", "git")
    place = folder / version.replace(":", ".")
    if not place.exists():
        _fetch(place, version)
    source = next(path for path in place.iterdir() if (path / "t").is_dir())
    if not all((source / name).exists() for name in BUILT):
        print(f"2/3 Building what the tests of git {version} need (some minutes, once)", flush=True)
        _run(source, "make", "-j2", *WITHOUT, *BUILT)
        _run(source, "make", "-C", "templates")
        (source / "perl/build/lib").mkdir(parents=True, exist_ok=True)
    return source


def _fetch(place: Path, version: str) -> None:
    print(f"1/3 Fetching Debian's source of git {version} (8 MB, once)", flush=True)
    new = place.with_name(place.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    (new / "lists/partial").mkdir(parents=True)
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    lines = [f"deb-src [signed-by={KEYS}] {address} {release}{part} main\n" for address, part in SERVERS]
    (new / "sources.list").write_text("".join(lines))
    places = {"Dir::Etc::SourceList": new / "sources.list", "Dir::Etc::SourceParts": "/dev/null"}
    places |= {"Dir::State::Lists": new / "lists", "APT::Sandbox::User": "root"}
    apt = ["apt-get", "-q", *(f"-o{name}={value}" for name, value in places.items())]
    _run(new, *apt, "update")
    _run(new, *apt, "source", f"git={version}")
    shutil.rmtree(new / "lists")
    new.rename(place)


def _said(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def _run(folder: Path, *words: str) -> None:
    env = os.environ | {"LC_ALL": "C.UTF-8"}
    done = subprocess.run(words, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{done.stdout[-3000:]}\n{words[0]} failed")
