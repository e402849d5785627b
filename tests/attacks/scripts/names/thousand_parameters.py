# ends: ok
import cadquery

globals().update({f"parameter_{number}": number for number in range(100_000)})
globals().update({"<b>": 1, "a\nb": 2, "\u202ex": 3, "": 4, "9": 5, "x" * 100_000: 6})
result = cadquery.Workplane().box(1, 2, 3)
