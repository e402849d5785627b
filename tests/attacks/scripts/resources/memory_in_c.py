# ends: memory, crash, time, script
# modes: namespaces
# seconds: 3
import cadquery

solid = cadquery.Workplane().sphere(1000)
solid.val().mesh(1e-6, 1e-6)
