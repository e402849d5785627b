"""Who may open which page and send which form: every rule of the application, for five people, on two designs."""

from datetime import timedelta
from fnmatch import fnmatchcase

import family
import pytest
from page_rules import PEOPLE, TABLE

from opendesign.actions.change_design import give_role
from opendesign.actions.compare import want_comparison
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.open_challenge import open_challenge
from opendesign.actions.publish import publish
from opendesign.actions.read_tree import read_tree
from opendesign.records.base import now
from opendesign.records.build import Build, Comparison
from opendesign.records.design import design_by_path, known_refs
from opendesign.records.person import person_by_name

CHECKS = {"checks.py": "def check_nothing():\n    pass\n"}
SKIPPED = ("bundles", "git", "lfs", "locks")
NUMBERED = ("tokens", "visits", "identities", "acceptance", "improvements", "confirmation", "/jobs", "/reports")
SIGNED = "POST /account/notices/<word>"  # the address itself is the sign
ELSEWHERE = ("/api", "/readyz", "/metrics")
ANSWERS = {403: "f", 404: "n", 503: "p"}
PATHS = {
    "ref": "main",
    "address": "main/box.py",
    "path": "box.py",
    "span": "main...wide",
    "number": 1,
    "tag": "v1",
    "name": "overlay",
    "secret": "guessed",
    "digest": "0",
    "word": "1-guessed",
}
FORMS = {
    "/settings/deletion": {"confirmation": "no"},
    "/settings/letters": {"letters": "never"},
    "/pulls": {"source": "ada/parent"},
    "/edit/<path:address>": {"content": "x", "expected": "0" * 40},
    "/parameters": {"p.WIDTH": "1000"},
    "/presets": {"p.HOLE": "3", "preset": "Wide hole"},
    "/presets/name": {"preset": "Wide", "name:Wide": "Wide"},
    "/presets/removal": {"preset": "Short", "expected": "0" * 40},
    "/previews": {"path": "box.py", "content": family.BOX, "ref": "main"},
    "/comments": {"body": "Hm."},
    "/reviews": {"verdict": "request_changes", "body": "Thicker."},
    "/challenges/<int:number>/entries": {"entry": "owner/public:wide"},
    "/branches/rule": {"branch": "main", "approvals": "0"},
}


def rules(app) -> list[str]:
    """Every rule with its method, but for git, the API, built files and what tells of the machine."""
    found = []
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.partition(".")[0]
        if rule.rule.startswith(ELSEWHERE) or (blueprint in SKIPPED and rule.rule != "/favicon.ico"):
            continue
        found += [f"{method} {rule.rule}" for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return found


@pytest.fixture(scope="module")
def browsers(site):
    """One browser for each of the six; there is a guest, too."""
    found = {name: site.stranger() if name == "stranger" else site.person(name) for name in PEOPLE}
    with site.house.writing(site.visitor("guest")) as work:
        person_by_name(work.session, "operator").admin = True
    return found


@pytest.fixture(scope="module")
def designs(site, browsers):
    """The arguments of addresses on a public and on a private design of the owner's, each with a proposal."""
    site.design("ada", "parent", family.FILES)
    return [_design(site, "public", 31.0), _design(site, "private", 32.0)]


def _design(site, visibility: str, width: float) -> dict[str, object]:
    address = site.design("owner", visibility, {**family.FILES, **family.wider(width), **CHECKS}, visibility=visibility)
    site.commit("owner", address, family.wider(width + 10), "wide", start=site.head(address))
    family.fork_of(site, address, "owner", f"{visibility}-fork")
    with site.house.writing() as work:
        for name in (visibility, f"{visibility}-fork"):
            for role in ("reader", "writer"):
                give_role(work, design_by_path(work.session, "owner", name), person_by_name(work.session, role), role)
    family.proposed(site, address, address, "wide")
    with site.house.writing(site.visitor("owner")) as work:
        publish(work, design_by_path(work.session, "owner", visibility), "v1")
    goal = ("box.py", "mass", "least", now() + timedelta(days=9))
    with site.house.writing(site.visitor("owner")) as work:
        open_challenge(work, design_by_path(work.session, "owner", visibility), "Lightest", "", *goal)
    with site.house.writing() as work:
        design = design_by_path(work.session, "owner", visibility)
        refs = known_refs(work.session, design)
        trees = [(design, read_tree(work, design, refs[f"refs/heads/{branch}"])) for branch in ("main", "wide")]
        part = want_comparison(work, *trees).changed[0]
        _make(work, part.after, {"viewer": b"glTF"}), _make(work, part.comparison, {"overlay": b"glTF", "png": b"PNG"})
        keys = {"build": part.after.key, "comparison": part.comparison.key}
        number = str(design.id)
    lineage_job(site.house, number)
    relative = {"relative_owner": "owner", "relative": f"{visibility}-fork"}
    return {"owner": "owner", "design": visibility, "sha": site.head(address), **relative, **keys}


def _make(work, row: Build | Comparison, files: dict[str, bytes]) -> None:
    """Puts files on the shelf as the worker does: nothing is made by who may look at it."""
    work.house.shelf.put(row.key, files)
    row.state, row.files, row.finished_at = "made", work.house.shelf.names(row.key), now()


def address_for(site, rule: str, given: dict[str, object]) -> str:
    """The address of a rule for one of the designs."""
    given = given | ({"name": "guest"} if "people" in rule else {})
    words = PATHS | given | {"key": given["comparison" if rule.startswith("/comparisons") else "build"]}
    words |= {"address": "main/README.md"} if "deletions" in rule else {}
    words |= {"format": "viewer"} | ({"name": "nobody"} if "members" in rule else {})
    words |= {"key": 12345} if any(word in rule for word in NUMBERED) else {}
    adapter = site.app.url_map.bind("localhost")
    endpoint = next(each.endpoint for each in site.app.url_map.iter_rules() if each.rule == rule)
    wanted = next(each for each in site.app.url_map.iter_rules() if each.rule == rule).arguments
    return adapter.build(endpoint, {name: words[name] for name in wanted}, append_unknown=False)


def met(answer) -> str:
    """The letter for what somebody met."""
    if answer.status_code in (302, 303) and "/enter" in answer.location:
        return "e"
    passed = answer.status_code < 400 or answer.status_code in (409, 422)
    return "p" if passed else ANSWERS.get(answer.status_code, str(answer.status_code))


def test_the_table_names_every_rule(site):
    assert set(rules(site.app)) == set(TABLE)


@pytest.mark.parametrize("rule", TABLE)
def test_who_may(site, browsers, designs, rule):
    method, path = rule.split(" ")
    form = next((fields for ending, fields in FORMS.items() if path.endswith(ending)), {})
    for given, expected in zip(designs, TABLE[rule], strict=True):
        address = address_for(site, path, given)
        form = {"expected": given["sha"]} if "deletions" in path else form
        address += f"?about=/{given['owner']}/{given['design']}" if path == "/report" and method == "GET" else ""
        form = {"about": f"/{given['owner']}/{given['design']}"} if path == "/report" else form
        seen = ""
        for browser in browsers.values():
            if path == "/leave":
                browser.get("/")  # a visit that ended took its token along
            answer = browser.get(address) if method == "GET" else browser.post(address, form)
            seen += met(answer)
        expected += expected[-1] if len(expected) < len(PEOPLE) else ""
        assert fnmatchcase(seen, expected), f"{address}: {', '.join(PEOPLE)} met {seen}, not {expected}"


@pytest.mark.parametrize("rule", [rule for rule in TABLE if rule.startswith("POST") and rule != SIGNED])
def test_forms_of_other_sites_are_refused(site, designs, rule):
    client = site.stranger().client
    answer = client.post(address_for(site, rule.split(" ")[1], designs[0]), data={"csrf_token": "forged"})
    assert answer.status_code == 400 and "expired" in answer.text
