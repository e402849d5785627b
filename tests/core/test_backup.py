"""What a backup may say of itself."""

import json

import pytest

from opendesign.core.backup import Earlier, Manifest, Piece, read_manifest
from opendesign.core.errors import Invalid

NONE = "0" * 64
PLACES = [
    "records/person.jsonl", "repos/1.git/HEAD", "repos/1.git/packed-refs", f"repos/1.git/objects/ab/{'c' * 38}",
    f"repos/pools/family-1.git/objects/pack/pack-{'a' * 40}.idx", "repos/pools/family-1.git/members/12",
    "repos/1.git/objects/info/alternates", "repos/1.git/logs/HEAD", "repos/1.git/logs/refs/heads/größe/x.y",
    f"shelf/00/{NONE}/step", "var/secret", f"repos/lfs/00/{NONE}",
]  # fmt: skip
STRANGE = [
    "", "../outside", "/etc/passwd", "repos/../../outside", "repos/1.git/hooks/update", "repos/1.git/config",
    "repos/1.git/objects/../../x", "repos/1.git/logs/refs/../../../x", "repos/lfs/../../x", "var/secret/../x",
    "var/opendesign.db", "records/../x.jsonl", "repos/1.git/logs/refs//x", "shelf/aa/../x", "repos/lfs/a\0b",
    "records/person.jsonl ", "records/person.jsonl\n", "repos/pools/1.git/logs/refs/./x", "var/secretly", None, 7,
]  # fmt: skip


def told(*paths, **changes) -> str:
    """The text of a manifest of empty pieces at these places."""
    pieces = tuple(Piece(path, 0, NONE) for path in paths)
    manifest = json.loads(Manifest("2026-11-28T12:00:00+00:00", "1.0", "0001", pieces, Earlier("a.zip", NONE)).text())
    return json.dumps(manifest | changes)


def test_a_manifest_is_read_as_it_was_written():
    manifest = read_manifest(told(*PLACES))
    assert [piece.path for piece in manifest.pieces] == PLACES
    assert manifest.sizes == {NONE: 0} and manifest.earlier == Earlier("a.zip", NONE)
    assert read_manifest(manifest.text()) == manifest


@pytest.mark.parametrize("place", STRANGE)
def test_places_outside_of_a_service_are_refused(place):
    with pytest.raises(Invalid, match="belongs nowhere"):
        read_manifest(told(place))


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "[]", "7", told("var/secret", "var/secret"), told(format=2), told(pieces=[{"path": "var/secret"}]),
        told(pieces=[{"path": "var/secret", "size": -1, "sha256": NONE}]), told(pieces=7), told(made_at=7, more=1),
        told(pieces=[{"path": "var/secret", "size": 0, "sha256": "../x"}]),
        told(earlier={"file": "../a.zip", "sha256": NONE}),
    ],
)  # fmt: skip
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(Invalid):
        read_manifest(text)
