"""How long tests wait for what other processes do."""

PATIENCE = 600.0  # seconds until what waits is taken for hanging, on machines that are slow and shared
