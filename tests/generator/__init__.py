"""Synthetic reports with known truth: `python -m tests.generator --count N --seed S --out DIR`. See `report.generate`."""
