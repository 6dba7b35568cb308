"""Recovery through files: a made-up region is written as files, read back, and estimated.

Its parameters are known, so what an estimate is worth shows: see :mod:`.checking`.
"""
