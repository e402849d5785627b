# ends: crash
import os

os._exit(3)
