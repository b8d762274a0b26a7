"""Compact tuples of SynBio's people, as compact knowledge mixing adds them (paper A, section 6; A-Fig 8b)."""
