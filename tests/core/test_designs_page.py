"""What docs/designs.md promises about parameters is what the reader finds in the page's own example."""

import re
from pathlib import Path

from opendesign.core.declaration import read_parameters

PAGE = Path(__file__).parents[2] / "docs" / "designs.md"


def test_the_example_of_the_page_has_the_parameters_it_speaks_of():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    found = {each.name: each for each in read_parameters(code)}
    assert list(found) == ["WIDTH", "LID", "ROUND", "SLOTS", "INNER", "Hinge.gap", "foot.height"]
    width, lid, inner, height = (found[name] for name in ("WIDTH", "LID", "INNER", "foot.height"))
    assert (width.minimum, width.step, width.maximum, width.unit, width.group) == (40, 0.5, 200, "mm", "Case")
    assert lid.choices == ("snap", "screws") and found["ROUND"].type == "boolean"
    assert inner.derived and inner.default == 75.2 and height.unit == "mm"
