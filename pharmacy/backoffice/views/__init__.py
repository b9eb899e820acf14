"""The staff pages, one module per place of work."""
