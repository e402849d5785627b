# ends: invalid
import os
import time

# Says that all is written when nothing is, and would go on for ever.
os.write(7, b"d")
while True:
    time.sleep(0.01)
    os.write(4, b"late")
