"""Licences are chosen by SPDX id."""

import re

import pytest

from opendesign.core.errors import Invalid
from opendesign.core.licence import DEFAULT, LICENCES, check_licence, licence_of


def test_the_licences_offered_are_known_by_id():
    assert check_licence(" cern-ohl-w-2.0 ") == "CERN-OHL-W-2.0" == check_licence(DEFAULT)
    assert check_licence("LicenseRef-Own.1") == "LicenseRef-Own.1"
    assert {licence.kind for licence in LICENCES} == {"hardware", "software", "documentation"}
    assert all(licence.sentence.endswith(".") and licence_of(licence.spdx) is licence for licence in LICENCES)
    assert licence_of("LicenseRef-Own").title == "LicenseRef-Own"


@pytest.mark.parametrize("wrong", ["", "GPL", "LicenseRef-", "LicenseRef-a b", "MIT\n; x", None, 3])
def test_others_are_refused_with_the_list(wrong):
    with pytest.raises(Invalid, match=re.escape(DEFAULT)):
        check_licence(wrong)
