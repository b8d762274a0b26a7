"""What makes facts learnable below their critical ratio: random subsampling and compact knowledge mixing (A-Fig 8)."""
