"""``python -m municipal.conformance``: the same as the command ``conform`` (コマンドの入口)."""

import sys

from municipal.conformance.commands import main

if __name__ == "__main__":
    sys.exit(main())
