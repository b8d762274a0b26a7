"""What the commands of ``phasemix`` do, one file each; :mod:`phasemix.cli` reads their arguments."""
