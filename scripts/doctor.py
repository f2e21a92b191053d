#!/usr/bin/env python3
"""Say what is missing before a build, worst first: what to land, what to set, and seed rows ready to paste.

Reads the landing and the configuration, and builds nothing. What is said are counts, ids and names of the
configuration, never a person's name or e-mail.

Exit codes: 0 nothing stops a build or silences a trigger; 1 something does; 2 wrong options.
"""

from __future__ import annotations

import sys

from doctor.cli import main

if __name__ == "__main__":
    sys.exit(main(description=__doc__))
