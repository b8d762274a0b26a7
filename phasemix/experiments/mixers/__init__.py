"""The contest of mixers: each chooses a mixture from as many small runs, and larger models are trained on all."""
