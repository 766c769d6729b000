"""Estimates from counts: arrays in, arrays out; no database, table or chart is known here."""
