"""Generates the sample world: raw vendor tables for TeamFlow, and the truth that was planted in them.

Exit codes: 0 done, 2 wrong options.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from sample_world.build import generate  # noqa: E402
from sample_world.config import DIRT, Options, parse_dirt, parse_domains  # noqa: E402
from sample_world.feedback import land_feedback  # noqa: E402


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="folder that gets raw/ and planted_truth/")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--accounts", type=int, default=600)
    parser.add_argument("--months", type=int, default=18, help="months of history before 2026-07-01 (default 18)")
    parser.add_argument(
        "--events", type=int, help="product events to aim at (default: about 1,700 an account and 18 months)"
    )
    parser.add_argument(
        "--until", help="cut the landing as it stood at this UTC moment, e.g. 2026-03-01 or 2026-03-01T12:00:00"
    )
    parser.add_argument("--dirt", default="default", help="default, all, none, or names separated by commas")
    parser.add_argument("--crm", choices=("salesforce", "hubspot"), default="salesforce")
    parser.add_argument(
        "--domains",
        default="none",
        help="optional domains to land below generic/ (marketing: below hubspot/ where that is the CRM):"
        " all, none, or of marketing,success,intent",
    )
    parser.add_argument(
        "--list-dirt", action="store_true", help="print the dirty facts and whether they are on by default"
    )
    parser.add_argument(
        "--feedback",
        type=Path,
        metavar="WAREHOUSE",
        help="land only what came back on the firings recorded in this warehouse, beside the world in --out",
    )
    args = parser.parse_args(argv)
    if args.list_dirt:
        for name, (on, text) in DIRT.items():
            print(f"{name:32} {'on ' if on else 'off'}  {text}")
        return 0
    if not args.out:
        parser.error("--out is required")
    if args.feedback:
        if not args.feedback.is_file():
            parser.error(f"no warehouse at {args.feedback}")
        for table, rows in land_feedback(args.out, args.feedback, args.seed).items():
            print(f"{table:40} {rows:>12,}")
        return 0
    try:
        dirt = parse_dirt(args.dirt)
        domains = parse_domains(args.domains)
        until = dt.datetime.fromisoformat(args.until.replace("Z", "")) if args.until else None
    except ValueError as error:
        parser.error(str(error))
    began = time.monotonic()
    summary = generate(
        args.out, Options(args.seed, args.accounts, args.months, args.events, until, dirt, args.crm, domains)
    )
    for table, rows in summary.rows.items():
        print(f"{table:40} {rows:>12,}")
    print(f"done in {time.monotonic() - began:.1f} s: {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
