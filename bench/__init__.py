"""What is measured and not tested: speed, and agreement with reference loops."""
