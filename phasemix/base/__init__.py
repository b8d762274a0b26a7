"""What every other folder stands on: files, seeds, errors, schemas, provenance."""
