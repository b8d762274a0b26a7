"""Studies of horizons (A-Fig 3): cells trained for different numbers of tokens, from shared trunks."""
