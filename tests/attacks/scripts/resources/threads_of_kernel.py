# ends: ok, crash, script, geometry
import cadquery
from OCP.OSD import OSD_ThreadPool
from prelude import attempt

attempt("pool", lambda: OSD_ThreadPool(64).nothing)
try:
    OSD_ThreadPool.DefaultPool_s(64)
except BaseException as stopped:
    print("stopped", stopped)
result = cadquery.Workplane().box(1, 2, 3)
