# ends: script


def deeper():
    return deeper()


deeper()
