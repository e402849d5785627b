# ends: memory
bytearray(20 << 30)
