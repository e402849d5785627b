"""Two models of our own: the box (about twenty faces) and the enclosure (over three hundred)."""

BOX = '''"""Box with holes and rounded edges."""

import cadquery as cq

WIDTH = 60.0  # [30:0.01:120] Width, mm
DEPTH = 40.0  # [20:1:80] Depth, mm
HEIGHT = 20.0  # [10:1:40] Height, mm

result = (
    cq.Workplane()
    .box(WIDTH, DEPTH, HEIGHT)
    .edges("|Z")
    .fillet(4)
    .faces(">Z")
    .shell(-2)
    .faces("<Z")
    .workplane()
    .rect(WIDTH - 16, DEPTH - 16, forConstruction=True)
    .vertices()
    .hole(3)
)
show_object(result, name="box")
'''

ENCLOSURE = '''"""Enclosure with vents, bosses and ribs."""

import cadquery as cq

WIDTH = 160.0  # [140:0.01:200] Width, mm
DEPTH = 100.0
HEIGHT = 24.0
WALL = 2.0

body = cq.Workplane().box(WIDTH, DEPTH, HEIGHT).edges("|Z").fillet(6).faces(">Z").shell(-WALL)
vents = cq.Workplane(origin=(0, 0, -HEIGHT / 2)).rarray(7, 16, 14, 4).slot2D(12, 3, 90).extrude(WALL * 2, both=True)
body = body.cut(vents)
bosses = (
    cq.Workplane(origin=(0, 0, -HEIGHT / 2 + WALL))
    .rect(WIDTH - 20, DEPTH - 20, forConstruction=True)
    .vertices()
    .circle(4)
    .extrude(HEIGHT - WALL - 2)
)
tops = bosses.faces(">Z").workplane().rect(WIDTH - 20, DEPTH - 20, forConstruction=True).vertices()
holes = tops.circle(1.3).extrude(-10, combine=False)
body = body.union(bosses).cut(holes)
ports = cq.Workplane("XZ", origin=(0, -DEPTH / 2, 0)).rarray(16, 1, 7, 1).rect(11, 6).extrude(WALL * 2, both=True)
result = body.cut(ports).edges("%LINE and |Y and >Z").fillet(0.4)
show_object(result, name="enclosure")
'''
