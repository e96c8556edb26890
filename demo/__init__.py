"""planjson at work on documents that every machine has: `python -m demo`."""
