# ends: invalid
import os

os._exit(0)
