"""What a study will cost before it runs, and how far it is while it does; from its configuration and files alone."""
