"""The calculators of the staff site: one module a family, each a form, one call into compounding, and an answer."""
