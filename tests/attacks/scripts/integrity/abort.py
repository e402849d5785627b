# ends: crash
import os

os.abort()
