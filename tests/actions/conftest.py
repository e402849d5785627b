"""What tests of actions begin with: an empty house, and the family of three cases in it."""

import pytest
from families import three_cases
from houses import new_house


@pytest.fixture
def house(tmp_path):
    """A house without an engine."""
    made = new_house(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def family(house):
    """The numbers of London's case and of two forks of it in Brazil."""
    return three_cases(house)
