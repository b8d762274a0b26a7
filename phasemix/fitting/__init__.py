"""What mixing laws share: the table of runs, fits, intervals, comparisons, and the best mixture."""
