"""Benchmarks that anybody can run, with tables and a picture: `python -m septet.benchmarks`.

septet is compared with other libraries on the same seeded messages. Those that are not installed
are left out, and the command says how to install them. Nothing else in septet imports this package.
"""
