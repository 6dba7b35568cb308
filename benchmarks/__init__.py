"""Speed, each figure beside a peer or a limit measured in the same run.

``python -m benchmarks NAME [--json]``. Absolute figures depend on the machine; quote the ratios.
"""
