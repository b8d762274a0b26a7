"""Analysis: from evaluations to tables, critical points and the ledger of claims."""

from pathlib import Path

CLAIMS = Path(__file__).with_name("claims.yaml")
