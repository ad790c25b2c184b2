"""How often 95 % intervals cover the truth."""
