"""Compact tuples of WikiBio's people, as compact knowledge mixing adds them (paper A, section 6.3; A-Fig 8b)."""
