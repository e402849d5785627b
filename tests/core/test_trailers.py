"""Trailers are added to a message as git reads them, and some are left out."""

import pytest

from opendesign.core.trailers import with_trailers

ADDED = [("Adopted-from", "bob/case@abc")]


@pytest.mark.parametrize(
    ("message", "has", "whole"),
    [
        ("Hinge", False, "Hinge\n\nAdopted-from: bob/case@abc\n"),
        ("Hinge\n\nWhy.\n", False, "Hinge\n\nWhy.\n\nAdopted-from: bob/case@abc\n"),
        ("Hinge\n\nBy: a\n", True, "Hinge\n\nBy: a\nAdopted-from: bob/case@abc\n"),
        ("Hinge\n\nProposal: 3\n and more", True, "Hinge\n\nAdopted-from: bob/case@abc\n"),
        ("Hinge\n\nWhy.\n\nproposal: 3\nBy: a", True, "Hinge\n\nWhy.\n\nBy: a\nAdopted-from: bob/case@abc\n"),
        ("Fix: it", False, "Fix: it\n\nAdopted-from: bob/case@abc\n"),
        (
            "Hinge\n\nProposal: 3 of mine is words",
            False,
            "Hinge\n\nProposal: 3 of mine is words\n\n" + "Adopted-from: bob/case@abc\n",
        ),
    ],
)
def test_where_they_stand(message, has, whole):
    assert with_trailers(message, ADDED, has, ("proposal",)) == whole
