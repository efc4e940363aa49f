"""``python -m cms``."""

from cms.cli import main

if __name__ == "__main__":
    main()
