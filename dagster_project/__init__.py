"""Jixiao: Chinese departmental budget performance reports as checked data."""

__version__ = "0.1.0"
