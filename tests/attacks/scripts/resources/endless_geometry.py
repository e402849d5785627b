# ends: time, memory
# seconds: 2
import cadquery as cq

result = cq.Workplane().box(10, 10, 10)
while True:
    result = result.union(cq.Workplane().sphere(7)).cut(cq.Workplane().cylinder(20, 3)).translate((0.1, 0.1, 0.1))
