"""Who in one register is who in another: exact agreement first, then weighed evidence, then a band for people to decide.

The way of a run (run.py): reading.py takes a file in any state to the columns of docs/registers.md; names.py and features.py
prepare what is compared (timed apart); exact.py links what agrees on number and name; blocks.py finds who is worth comparing
among the rest; evidence.py weighs (Fellegi-Sunter with whole weights of policy/linkage.yaml); deciding.py takes the best.
Weights are whole tenths of a bit, so that every engine adds up to the same. The order of rows changes nothing.
"""
