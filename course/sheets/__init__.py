"""The sheets and derivations as pages: their formulas, and KaTeX, which reads and draws them."""
