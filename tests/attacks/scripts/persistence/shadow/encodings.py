SHADOW = True
print("BREACH: shadow imported")
