"""Reading and writing files safely, whatever they contain.

Imports nothing of septet but `exceptions`.
"""
