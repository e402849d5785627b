# ends: geometry
import cadquery

result = cadquery.Workplane().box(1, 1, 1).edges().fillet(10)
