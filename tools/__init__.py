"""Set-up, training, running and measuring: what the Makefile calls."""
