"""The law that sees the cliff, fitted to runs with facts and asked about what it has not seen."""
