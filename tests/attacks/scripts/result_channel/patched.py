# ends: ok, invalid, script, crash
import json
import os

json.dumps = lambda *_, **__: '{"ok": true, "seconds": Infinity}'
os.fstat = None
