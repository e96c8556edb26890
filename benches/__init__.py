"""How fast planjson is beside the others: `python -m benches.run`."""
