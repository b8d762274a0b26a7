"""WikiBio: short texts about people and paraphrases of each, which all tell when somebody was born (paper A)."""
