# ends: time
# seconds: 1
while True:
    pass
