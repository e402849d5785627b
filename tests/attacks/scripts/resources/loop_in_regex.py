# ends: time
# seconds: 1
import re

re.match(r"(a+)+$", "a" * 60 + "b")
