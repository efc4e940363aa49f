"""Work done later: rows in our own database, run by one leader for each site."""
