"""Named mixtures of any sources: models trained on each, their losses side by side, and a table of runs for laws."""
