#!/usr/bin/env python3
"""Send due firings from the sync marts to one destination. See docs/push.md."""

import sys

from push.cli import main

if __name__ == "__main__":
    sys.exit(main())
