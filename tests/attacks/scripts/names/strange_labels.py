# ends: ok
import cadquery

box = cadquery.Workplane().box(1, 1, 1)
for name in (
    "<script>alert(1)</script>",
    "two\nlines",
    "nul\0inside",
    "\u202ebackwards",
    "../../etc/passwd",
    "\ud800",
    "x" * 100_000,
):
    show_object(box, name=name)  # noqa: F821
