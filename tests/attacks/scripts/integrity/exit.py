# ends: ok, script, empty
raise SystemExit(0)
