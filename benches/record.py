"""Puts a run's table into a page: `python -m benches.record RUN.json PAGE.md`."""

import argparse
import json
from pathlib import Path
from typing import Any

from benches import report


def marks(block: str) -> tuple[str, str]:
    return f"<!-- {block}: made by `make bench-record` -->", f"<!-- end of {block} -->"


def rendered(result: dict[str, Any]) -> str:
    parts = [report.heading(result), report.as_markdown(result["rows"]), report.EXPLAINED]
    short = report.shortfalls(result["rows"])
    if short:
        parts.append("Below what they must reach:\n\n" + "\n".join(f"- {line}" for line in short))
    costly = report.costly_plans(result["rows"])
    if costly:
        parts.append("Where a plan costs much:\n\n" + "\n".join(f"- {line}" for line in costly))
    return "\n\n".join(parts)


def placed(page: str, block: str, text: str) -> str:
    """The page with the block's text replaced, or added at the end."""
    begin, end = marks(block)
    before, found, rest = page.partition(begin)
    if not found:
        before = page.rstrip() + "\n\n" if page.strip() else "# Measurements\n\n"
        return f"{before}{begin}\n\n{text}\n\n{end}\n"
    _, closed, after = rest.partition(end)
    if not closed:
        raise SystemExit(f"record: the page has {begin!r} but no {end!r}")
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benches.record", description=__doc__)
    parser.add_argument("run", type=Path, help="what `python -m benches.run --json` wrote")
    parser.add_argument("page", type=Path, help="the Markdown page; made if it is missing")
    parser.add_argument("--block", default="bench", help="the name in the marks (default: bench)")
    options = parser.parse_args()

    result = json.loads(options.run.read_text(encoding="utf-8"))
    page = options.page.read_text(encoding="utf-8") if options.page.exists() else ""
    options.page.parent.mkdir(parents=True, exist_ok=True)
    options.page.write_text(placed(page, options.block, rendered(result)), encoding="utf-8")
    print(f"{options.page}: block {options.block!r} from {options.run}")


if __name__ == "__main__":
    main()
