print("BREACH: shadow imported")
