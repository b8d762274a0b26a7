"""Where the two papers meet: facts as one of k domains, across their critical ratio and over sizes."""
