# ends: ok, empty, script, geometry
import cadquery as cq

thing = cq.Workplane().box(1, 1, 1)
for _ in range(5000):
    thing = [thing, {"\0" * 10: thing}] if _ < 12 else [thing]
show_object(thing)  # noqa: F821
loop = []
loop.append(loop)
show_object(loop)  # noqa: F821
NO_MODEL = True
