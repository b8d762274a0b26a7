"""Analysis: from evaluations to tables, critical points and the ledger of claims."""
