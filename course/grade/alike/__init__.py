"""Pairs of teams whose gaps are unusually alike, for a person to look at: their texts are read, and nothing is run."""
