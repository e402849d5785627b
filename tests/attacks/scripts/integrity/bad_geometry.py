# ends: geometry, script, invalid, crash, empty, ok
import cadquery

for size in (float("nan"), float("inf"), -1, 0, 1e300):
    try:
        result = cadquery.Workplane().box(size, size, size)
    except Exception as refused:
        print(refused)
result = cadquery.Workplane().box(float("nan"), 1, 1)
