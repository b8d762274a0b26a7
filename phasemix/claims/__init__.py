"""What the papers claim, a file each in the folder of its paper, and the ledger of verdicts."""
