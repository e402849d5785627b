# ends: time
# seconds: 1
while True:
    try:
        while True:
            pass
    except BaseException:
        continue
