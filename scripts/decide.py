#!/usr/bin/env python3
"""A decision of the council as a change of the company's seeds: promote, tune, retire or keep a trigger.

Shows the change as a diff; --apply writes it. The next build acts on it. What the evidence does not carry is refused unless
--reason says why; the reason stands in council_decisions.csv beside the verdict.

Exit codes: 0 shown or written; 1 refused, with a sentence on stderr, nothing changed; 2 wrong options.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

from operations import decisions
from operations.place import Place, Stop, add_options


def main(arguments: list[str] | None = None, project: Any = None) -> int:
    """Command line; `project` lets a test use a copy of the project."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--trigger", default="", help="of trigger_library.csv")
    parser.add_argument("--decision", default="", help=", ".join(decisions.DECISIONS))
    parser.add_argument("--reason", default="", help="why, where the evidence does not carry it")
    parser.add_argument("--apply", action="store_true", help="write the change")
    options = parser.parse_args(arguments)
    try:
        place = Place.of(options, project)
        if not options.trigger or not options.decision:
            raise Stop(
                "A decision needs a trigger and what is decided: expected"
                f" make decide TRIGGER=... DECISION={'|'.join(decisions.DECISIONS)}."
            )
        decision = decisions.decide(place, options.trigger, options.decision, " ".join(options.reason.split()))
        evidence = decision.evidence
        print(f"Evidence of {evidence.decided_on}: {evidence.verdict}, {evidence.reason}\n\n{decision.diff()}")
        if options.apply:
            decision.apply()
            print("Written. The next build (make build) acts on it.")
        else:
            print("Nothing was changed. Say APPLY=1 (decide.py --apply) to write it.")
    except Stop as stop:
        print(*stop.sentences, sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
