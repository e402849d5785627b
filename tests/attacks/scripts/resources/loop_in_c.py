# ends: time
# seconds: 1
sum(range(10**12))
