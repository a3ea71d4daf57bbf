# The least a compiled function of a str can do: ratios.py measures septet against it.


def one(str text):
    return 1
