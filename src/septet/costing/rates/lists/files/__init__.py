"""Files of price lists in, and rate cards out."""
