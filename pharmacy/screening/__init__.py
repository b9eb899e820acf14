"""Screening: what a patient says, held against medicine names and safety rules. Plain Python and its data."""
