# ends: script
# says: the wall is too thin


def check():
    raise ValueError("the wall is too thin")  # HERE


check()
