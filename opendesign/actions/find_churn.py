"""Finds where text has moved and the thing has not: most of the code differs, and the geometry is the same."""

from collections.abc import Mapping, Sequence

from opendesign.actions.compare import compare
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.cad.version import engine_version
from opendesign.core.build import comparison_key
from opendesign.core.lineage.divergence import Overlap, geometry
from opendesign.core.lineage.pair import CHURNED, is_churn
from opendesign.records.build import Build, Comparison, builds_by_key, comparisons_by_key
from opendesign.records.design import Design, parts_of


def overlaps(work: Work, focus: Design, relatives: Sequence[Design]) -> dict[int, tuple[list[Overlap], bool]]:
    """Returns, by relative, how far the parts that both have by name overlap, as far as compared, and whether some
    still are.
    """
    rows = parts_of(work.session, [focus, *relatives])
    parts = {key: {one.path: one.build_key for one in some} for key, some in rows.items()}
    own = parts[focus.id]
    both = {
        each.id: [(path, own[path], parts[each.id][path]) for path in sorted(own.keys() & parts[each.id].keys())]
        for each in relatives
    }
    ends = {pair for some in both.values() for _, a, b in some for pair in ((a, b), (b, a))}
    keys = {pair: comparison_key(engine_version(), *pair) for pair in ends}
    made = comparisons_by_key(work.session, keys.values())
    builds = builds_by_key(work.session, {a for a, b in ends if a == b})
    found = {}
    for key, some in both.items():
        listed = [
            _same(path, builds.get(a)) if a == b else _compared(path, made.get(keys[a, b]) or made.get(keys[b, a]))
            for path, a, b in some
        ]
        asked = [made.get(keys[pair]) for _, a, b in some for pair in ((a, b), (b, a))]
        found[key] = listed, any(row.waiting for row in asked if row)
    return found


def churning(work: Work, focus: Design, code: Mapping[int, float | None], seen: Mapping[int, Design]) -> set[int]:
    """Returns which relatives differ from a design by most of their code and not in geometry, as far as compared.

    `code` says how far apart the code of each is; only those that differ by much are looked at.
    """
    apart = [seen[key] for key, value in code.items() if (value or 0.0) > CHURNED]
    found = overlaps(work, focus, apart) if apart else {}
    return {key for key, (listed, _) in found.items() if is_churn(code[key], geometry(listed).value)}


def rewrites_only(work: Work, home: Design, base: str | None, sha: str) -> bool | None:
    """Says whether a commit wrote most of its scripts anew while no part changed by a thousandth.

    None while its parts were not compared with those before it, or there is nothing before it.
    """
    if base is None:
        return None
    before, after = read_tree(work, home, base), read_tree(work, home, sha)
    found = compare(work, before, after).changed
    if any(one.status == "changed" and not one.volumes for one in found):
        return None
    if not found or any(one.status not in ("changed", "renamed") for one in found):
        return False
    with work.house.store.open(home.key) as repository:
        files = [each for each in repository.diff(base, sha) if each.old_path in before.sources]
    lines = sum(before.sources[each.old_path].count("\n") for each in files)
    gone = sum(each.deletions for each in files)
    listed = [_overlap(one.path, one.volumes) for one in found if one.volumes]
    return is_churn(gone / lines if lines else None, geometry(listed).value)


def _same(path: str, build: Build | None) -> Overlap:
    whole = (build.total or {}).get("volume_mm3") if build and build.state == "made" else None
    return Overlap(path, whole, whole)


def _compared(path: str, row: Comparison | None) -> Overlap:
    return _overlap(path, (row.result or {}).get("volume_mm3") if row else None)


def _overlap(path: str, volumes: Mapping[str, float] | None) -> Overlap:
    if not volumes:
        return Overlap(path, None, None)
    return Overlap(path, volumes.get("common"), sum(volumes.get(each, 0.0) for each in ("common", "added", "removed")))
