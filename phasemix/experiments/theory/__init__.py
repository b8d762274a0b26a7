"""The learner of bounded capacity against what was measured: critical ratios and sizes, predicted with one constant."""
