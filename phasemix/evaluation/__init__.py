"""What finished runs know: recall accuracy, validation losses."""
