# ends: ok, script, output
made = 0
for number in range(200_000):
    try:
        open(f"x{number}", "w").close()
        made += 1
    except OSError:
        break
print("BREACH: made" if made > 100_000 else "stopped at", made)
