"""Clinical formulas and scores as pure functions: one file a family, one registry, no rounding before the end."""
