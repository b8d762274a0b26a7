"""The command `phasemix`, for rules: python scripts/run_phasemix.py --help."""

from phasemix.cli import main

if __name__ == "__main__":
    main()
