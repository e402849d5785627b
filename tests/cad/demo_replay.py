"""Replays the demo's story with the real git, one working clone per design, for the tests beside it."""

import io
import os
import shutil
import subprocess
import tarfile
import tomllib
from pathlib import Path
from typing import Any

DEMO = Path(__file__).resolve().parents[2] / "opendesign" / "demo"
Event = dict[str, Any]


def story() -> list[Event]:
    """Returns the events in the order they are told."""
    return tomllib.loads((DEMO / "story.toml").read_text("utf-8"))["event"]


class Replay:
    """A folder of clones that follow the story event by event."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.people: dict[str, Event] = {}
        self.proposals: dict[str, Event] = {}
        self.states: dict[str, str] = {}
        self.commits: dict[str, int] = {}
        self.named: dict[str, tuple[str, str]] = {}

    def tell(self, events: list[Event]) -> "Replay":
        """Applies all events; an assertion names the event that does not fit."""
        for event in events:
            getattr(self, event["kind"])(event)
        return self

    def clone(self, design: str) -> Path:
        """Returns the working clone of owner/name."""
        return self.folder / design.replace("/", "__")

    def git(self, design: str, *arguments: str, author: str | None = None, at: str = "") -> str:
        """Runs git in a design's clone and returns what it prints; fails with its output."""
        environment = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        if author:
            person = self.people[author]
            for role in ("AUTHOR", "COMMITTER"):
                environment[f"GIT_{role}_NAME"] = person["full_name"]
                environment[f"GIT_{role}_EMAIL"] = person["email"]
                environment[f"GIT_{role}_DATE"] = at
        done = subprocess.run(
            ["git", *arguments], cwd=self.clone(design), env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{design}: git {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def person(self, event: Event) -> None:
        """Remembers a person."""
        assert event["name"] not in self.people
        self.people[event["name"]] = event

    def design(self, event: Event) -> None:
        """Creates an empty repository."""
        assert event["owner"] in self.people and event["licence"] and event["summary"]
        name = f"{event['owner']}/{event['name']}"
        self.clone(name).mkdir()
        self.git(name, "init", "-q", "-b", "main")

    def fork(self, event: Event) -> None:
        """Clones a design with all its branches to another owner under the same name."""
        name = f"{event['owner']}/{event.get('name', event['design'].split('/')[1])}"
        self.clone(name).mkdir()
        self.git(name, "clone", "-q", str(self.clone(event["design"])), ".", author=event["owner"])
        self.git(name, "fetch", "-q", "--update-head-ok", "origin", "refs/heads/*:refs/heads/*")

    def branch(self, event: Event) -> None:
        """Starts a branch from another one."""
        self.git(event["design"], "branch", event["name"], event.get("from", "main"))

    def commit(self, event: Event) -> None:
        """Copies the folder, makes the exact replacements, deletes, and commits something."""
        design, root = event["design"], self.clone(event["design"])
        if self.git(design, "branch", "--list", event["branch"]):
            self.git(design, "checkout", "-q", event["branch"])
        if "folder" in event:
            shutil.copytree(DEMO / event["folder"], root, dirs_exist_ok=True)
        for edit in event.get("edits", []):
            path = root / edit["path"]
            text = path.read_text("utf-8")
            assert text.count(edit["old"]) == 1, f"{event['message']!r}: {edit} fits {text.count(edit['old'])}×"
            path.write_text(text.replace(edit["old"], edit["new"]), "utf-8")
        for path in event.get("delete", []):
            (root / path).unlink()
        self.git(design, "add", "-A")
        message = event["message"]
        if "adopted_from" in event:
            message += "\n\nAdopted-from: " + "@".join(self.named[event["adopted_from"]])
        self.git(design, "commit", "-q", "-m", message, author=event["author"], at=event["at"])
        if "id" in event:
            self.named[event["id"]] = design, self.git(design, "rev-parse", "HEAD").strip()
        self.commits[design] = self.commits.get(design, 0) + 1

    def made(self, event: Event) -> None:
        """Somebody made a part that is there."""
        assert event["author"] in self.people and event["result"] in ("worked", "changed", "failed")
        self.git(event["design"], "cat-file", "-e", f"main:{event['part']}")

    def vouch(self, event: Event) -> None:
        """Somebody else says something of it."""
        assert event["author"] in self.people and event["word"] in ("confirmed", "doubted")

    def merge(self, event: Event) -> None:
        """Merges a branch of a sibling, which must be clean."""
        self.take(event["design"], event["branch"], event["from"], event["from_branch"], event)

    def take(self, design: str, branch: str, source: str, source_branch: str, event: Event) -> None:
        """Fetches and merges with a merge commit."""
        self.git(design, "checkout", "-q", branch)
        self.git(design, "fetch", "-q", str(self.clone(source)), source_branch)
        message = event.get("message", f"Merge {source}:{source_branch}")
        who = {"author": event["author"], "at": event["at"]}
        self.git(design, "merge", "-q", "--no-ff", "-m", message, "FETCH_HEAD", **who)

    def propose(self, event: Event) -> None:
        """Opens a proposal, which must bring at least one commit."""
        assert event["id"] not in self.proposals and event["body"] and event["author"] in self.people
        self.proposals[event["id"]] = event
        self.states[event["id"]] = "open"
        self.git(event["design"], "fetch", "-q", str(self.clone(event["source"])), event["source_branch"])
        new = self.git(event["design"], "rev-list", f"{event['target_branch']}..FETCH_HEAD")
        assert new.split(), event["id"]

    def comment(self, event: Event) -> None:
        """Checks that a comment points at a line that exists in the proposed tree."""
        proposal = self.proposals[event["proposal"]]
        assert event["author"] in self.people and event["body"]
        if "path" in event:
            text = self.git(proposal["source"], "show", f"{proposal['source_branch']}:{event['path']}")
            assert 1 <= event.get("line", 1) <= len(text.splitlines()), event

    def review(self, event: Event) -> None:
        """Checks that somebody else judges an open proposal."""
        assert self.states[event["proposal"]] == "open" and event["author"] in self.people
        assert event["author"] != self.proposals[event["proposal"]]["author"]
        assert event["verdict"] in ("approve", "request_changes")

    def accept(self, event: Event) -> None:
        """Merges an open proposal, which must be clean at that moment."""
        proposal = self.proposals[event["proposal"]]
        assert self.states[event["proposal"]] == "open"
        event = {**event, "message": f"Merge proposal: {proposal['title']}"}
        source = (proposal["source"], proposal["source_branch"])
        self.take(proposal["design"], proposal["target_branch"], *source, event)
        self.states[event["proposal"]] = "merged"

    def adopt(self, event: Event) -> None:
        """Picks an earlier commit of a relative, which must be clean."""
        source, sha = self.named[event["commit"]]
        self.git(event["design"], "checkout", "-q", event["branch"])
        self.git(event["design"], "fetch", "-q", str(self.clone(source)), sha)
        self.git(event["design"], "cherry-pick", sha, author=event["author"], at=event["at"])

    def decline(self, event: Event) -> None:
        """Closes an open proposal with a reason."""
        assert self.states[event["proposal"]] == "open" and event["reason"]
        self.states[event["proposal"]] = "declined"

    def challenge(self, event: Event) -> None:
        """Checks that what is measured is there."""
        assert event["author"] in self.people and event["title"] and event["days"] > 0
        assert event["part"] in self.git(event["design"], "ls-tree", "--name-only", "main").split()

    def enter(self, event: Event) -> None:
        """Checks that the branch that is entered has something of its own."""
        new = self.git(event["source"], "rev-list", event["ref"], "--not", "--exclude", event["ref"], "--branches")
        assert new.split() and event["author"] in self.people

    def try_merge(self, proposal: Event) -> tuple[bool, str]:
        """Returns whether a proposal merges cleanly into its target now, and git's tree or complaint."""
        design = proposal["design"]
        self.git(design, "fetch", "-q", str(self.clone(proposal["source"])), proposal["source_branch"])
        done = subprocess.run(
            ["git", "merge-tree", "--write-tree", proposal["target_branch"], "FETCH_HEAD"],
            cwd=self.clone(design),
            capture_output=True,
            text=True,
        )
        return done.returncode == 0, done.stdout.strip()

    def files(self, design: str, tree: str) -> dict[str, str]:
        """Returns the texts of a tree by path."""
        done = subprocess.run(["git", "archive", tree], cwd=self.clone(design), capture_output=True, check=True)
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            members = [member for member in archive.getmembers() if member.isfile()]
            return {member.name: archive.extractfile(member).read().decode() for member in members}

    def export(self, design: str, tree: str, folder: Path) -> Path:
        """Unpacks a tree of a design into a new folder."""
        for name, text in self.files(design, tree).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        return folder
