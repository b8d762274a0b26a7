"""Studies of the number of people: the transition in N, at fixed mixing ratios and sizes."""
