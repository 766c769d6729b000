"""``python -m claimstats`` is the command ``claimstats``."""

from claimstats.cli import main

if __name__ == "__main__":
    main()
