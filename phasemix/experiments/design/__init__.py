"""Mixtures spread over the simplex: where each mixing law holds, and how many runs it needs."""
