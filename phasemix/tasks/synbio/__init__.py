"""SynBio-N: biographies of N invented people (paper A)."""
