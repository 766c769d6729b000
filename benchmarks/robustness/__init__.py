"""How readers take damaged files: a seeded generator, four readers, one judge, one page."""
