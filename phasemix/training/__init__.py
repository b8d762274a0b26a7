"""From the specification of a cell to the files of its finished run."""
