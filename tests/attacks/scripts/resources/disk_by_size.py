# ends: script, output
with open("big", "wb") as big:
    while True:
        big.write(bytes(1 << 20))
