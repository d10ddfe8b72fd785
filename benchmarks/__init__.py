"""What Candor costs, measured on the machine at hand: `make bench`."""
