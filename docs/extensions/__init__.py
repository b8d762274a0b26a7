"""What builds the pages that are made from the code and from the kept results."""
