"""Other frameworks with the same scenario, to compare with in the same run: `python -m benchmarks peers`."""
