"""Findings about performance: one rule per file in `rules`, registered in its tuple."""
