"""The command line: python -m planjson, or planjson."""

import sys

from planjson._cli import main

if __name__ == "__main__":
    sys.exit(main())
