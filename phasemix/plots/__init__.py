"""Pictures of fitted laws and best mixtures: a module each, with a function ``draw``."""
