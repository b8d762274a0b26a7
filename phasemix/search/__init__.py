"""The search for a mixture: what is searched for, the face of mixers, and what they share."""
