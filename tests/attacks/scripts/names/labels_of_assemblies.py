# ends: ok, script
# formats: viewer step glb 3mf
import cadquery as cq

box = cq.Workplane().box(1, 1, 1)
tree = cq.Assembly(name="../../" * 50)
for place, name in enumerate(
    ("<img src=x onerror=alert(1)>", "a/b", "\u202egnp.exe", "'; DROP TABLE build; --", "]]>&lt;", "\x1b[2J")
):
    tree.add(box, name=name, loc=cq.Location((place * 2, 0, 0)))
result = tree
