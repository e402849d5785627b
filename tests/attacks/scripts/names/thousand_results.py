# ends: ok
# seconds: 60
# modes: namespaces
import cadquery

for number in range(250):
    show_object(cadquery.Workplane().box(1, 1, 1).translate((number * 2, 0, 0)), name=f"box {number}")  # noqa: F821
