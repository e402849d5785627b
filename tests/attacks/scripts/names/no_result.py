# ends: empty
length = 10
NO_MODEL = True
