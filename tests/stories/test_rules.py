"""Ada gives main a rule; Bob, who may write, and Mallory, who may not, try to reach it with git all the same."""

import pytest

pytestmark = pytest.mark.slow
REFUSED = "(main takes proposals only; push to another branch and propose it)"


def test_a_ruled_branch_is_reached_by_a_proposal_alone(service, tmp_path):
    ada, bob, mallory = (service.join(name) for name in ("ruler", "bob", "rogue"))
    path, url = "/designs/ruler/stand", f"{service.url}/ruler/stand.git"
    own = ada.start_design("stand", {"README.md": "# Stand\n"}, tmp_path / "ada")
    answer = ada.ask("PUT", f"{path}/members/bob", json={"role": "writer"})
    assert answer.status_code < 300, answer.text
    bob.git("clone", "-q", url, str(tmp_path / "bob"))
    mallory.git("clone", "-q", url, str(tmp_path / "mallory"))
    assert ada.ask("PUT", f"{path}/branches/main/rule", json={"required_approvals": 1}).status_code == 200

    first = ada.get(path)["head"]
    bob_is_shown_the_way(bob, tmp_path / "bob")
    mallory_gets_nowhere(mallory, tmp_path / "mallory")
    assert ada.get(path)["head"] == first
    (tmp_path / "ada" / "README.md").write_text("# My stand\n")
    ada.git("commit", "-aqm", "Mine", folder=own)
    assert REFUSED in ada.git("push", "origin", "HEAD", folder=own, check=False).stderr, "owners too, unless exempt"

    fields = {"source": "ruler/stand", "source_branch": "taller", "target_branch": "main", "title": "Taller"}
    number = bob.post(f"{path}/proposals", fields)["number"]
    assert bob.ask("POST", f"{path}/proposals/{number}/merge", json={}).status_code == 409
    ada.post(f"{path}/proposals/{number}/reviews", {"verdict": "approve"})
    merged = bob.post(f"{path}/proposals/{number}/merge", {}, status=200)["commit"]
    assert ada.get(path)["head"] == merged

    an_exempt_owner_pushes_forward_only(ada, own, path)


def bob_is_shown_the_way(bob, clone):
    """His push of two branches brings the one that is open."""
    (clone / "README.md").write_text("# Taller stand\n")
    bob.git("commit", "-aqm", "Taller", folder=clone)
    for words in (["HEAD"], ["--force", "HEAD"], [":main"], ["HEAD:main", "HEAD:refs/tags/v1", "--atomic"]):
        pushed = bob.git("push", "origin", *words, folder=clone, check=False)
        assert pushed.returncode and pushed.stderr.count(REFUSED) == 1, pushed.stderr
    pushed = bob.git("push", "origin", "HEAD:main", "HEAD:taller", folder=clone, check=False)
    assert pushed.returncode and pushed.stderr.count(REFUSED) == 1, pushed.stderr
    assert "[new branch]      HEAD -> taller" in pushed.stderr and "compare/main...taller" in pushed.stderr


def mallory_gets_nowhere(mallory, clone):
    """She may not write at all, and learns nothing of rules."""
    (clone / "README.md").write_text("# My stand\n")
    mallory.git("commit", "-aqm", "Mine", folder=clone)
    for words in (["HEAD"], ["--force", "HEAD:refs/heads/main"], ["HEAD:refs/heads/mine"], [":main"]):
        pushed = mallory.git("push", "origin", *words, folder=clone, check=False)
        assert pushed.returncode and "takes proposals only" not in pushed.stderr, pushed.stderr
    assert {ref.split("\t")[1] for ref in mallory.git("ls-remote", "origin", folder=clone).stdout.splitlines()} == {
        "HEAD",
        "refs/heads/main",
        "refs/heads/taller",
    }


def an_exempt_owner_pushes_forward_only(ada, clone, path):
    """Where the rule says so, and not back: nobody's work is lost."""
    rule = {"required_approvals": 1, "owners_exempt": True}
    assert ada.ask("PUT", f"{path}/branches/main/rule", json=rule).status_code == 200
    ada.git("fetch", "-q", "origin", folder=clone)
    forced = ada.git("push", "--force", "origin", "HEAD:main", folder=clone, check=False)
    assert forced.returncode and "remote: main only moves forward" in forced.stderr, forced.stderr
    ada.git("reset", "-q", "--hard", "origin/main", folder=clone)
    ada.push(clone, {"NOTES.md": "Urgent.\n"}, "Urgent")
    assert ada.get(path)["head"] == ada.git("rev-parse", "HEAD", folder=clone).stdout.strip()
