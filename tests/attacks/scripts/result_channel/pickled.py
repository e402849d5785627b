# ends: empty, script, invalid
import os


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch /tmp/breach",))


result = Bomb()
NO_MODEL = True
