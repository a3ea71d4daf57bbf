"""The rules of 3GPP TS 23.038 and TS 23.040 as data and arithmetic.

Alphabets, national languages, limits, the user data header and data codings. Imports nothing of
septet but `exceptions`.
"""
