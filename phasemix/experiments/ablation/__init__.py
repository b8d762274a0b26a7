"""Whether the transition hangs on the batch size, the learning rate or its schedule (A-Fig 11)."""
