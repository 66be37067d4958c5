"""The eval suites: cases as data, scorers, fault generator, runner and reports. Run with ``python -m evals``."""
