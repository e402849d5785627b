# ends: empty, script
result = {"volume": 10}
NO_MODEL = True
