"""Three models of our own: a box of about twenty faces, an enclosure of over three hundred, an assembly of 31 parts."""

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

ASSEMBLY = '''"""Stand of plates, posts, rails of different lengths, screws, nuts and washers: 31 parts, 12 shapes."""

import cadquery as cq

WIDTH = 120.0  # [100:0.01:160] Width, mm
DEPTH = 80.0
HEIGHT = 60.0
PLACES = [(x * (WIDTH / 2 - 8), y * (DEPTH / 2 - 8)) for x in (-1, 1) for y in (-1, 1)]
INK, SAGE, STEEL = cq.Color(0.25, 0.32, 0.39), cq.Color(0.55, 0.68, 0.62), cq.Color(0.72, 0.74, 0.76)


def plate(thickness):
    body = cq.Workplane().box(WIDTH, DEPTH, thickness, centered=(True, True, False)).edges("|Z").fillet(6)
    body = body.faces(">Z").workplane().pushPoints(PLACES).cboreHole(4.2, 7.5, thickness / 2)
    return body.faces(">Z").workplane().rarray(9, 14, 8, 3).slot2D(10, 4, 90).cutThruAll().edges(">Z").chamfer(0.4)


def post(radius):
    body = cq.Workplane().circle(radius).extrude(HEIGHT).faces("<Z or >Z").chamfer(0.6)
    return body.faces(">Z").workplane().hole(4.2)


def rail(length):
    body = cq.Workplane("YZ").rect(10, 6).extrude(length).edges("|X").fillet(1)
    return body.faces(">Z").workplane(centerOption="CenterOfBoundBox").rarray(12, 1, int(length / 14), 1).hole(3.2)


def screw(length):
    head = cq.Workplane().circle(3.5).extrude(4).faces(">Z").edges().fillet(0.5)
    head = head.faces(">Z").workplane().polygon(6, 3.5).cutBlind(-2)
    return head.faces("<Z").workplane().circle(2).extrude(length).faces("<Z").chamfer(0.4)


nut = cq.Workplane().polygon(6, 8).extrude(3.2).faces(">Z").workplane().hole(4).edges("|Z").fillet(0.4)
washer = cq.Workplane().circle(4.5).circle(2.2).extrude(0.8)

stand = cq.Assembly(name="stand")
stand.add(plate(5), name="base", color=INK)
stand.add(plate(4), name="top", color=INK, loc=cq.Location((0, 0, HEIGHT + 5)))
slim = post(5)
bolts = {True: screw(14), False: screw(10)}
for number, (x, y) in enumerate(PLACES):
    stand.add(slim, name=f"post {number}", color=SAGE, loc=cq.Location((x, y, 5)))
    for upper in (True, False):
        where = cq.Location((x, y, HEIGHT + 9)) if upper else cq.Location((x, y, 0), (1, 0, 0), 180)
        name = f"{'upper' if upper else 'lower'} {number}"
        stand.add(bolts[upper], name=f"screw {name}", color=STEEL, loc=where)
        stand.add(washer, name=f"washer {name}", color=STEEL, loc=where)
    stand.add(nut, name=f"nut {number}", color=STEEL, loc=cq.Location((x, y, HEIGHT)))
for number in range(5):
    place = cq.Location((-WIDTH / 2 + 10, 0, 12 + number * 9))
    stand.add(rail(WIDTH - 20 - 6 * number), name=f"rail {number}", color=SAGE, loc=place)
show_object(stand)
'''
