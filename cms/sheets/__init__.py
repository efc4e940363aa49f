"""Back-entry: registers filled from lists; one declaration gives the desk page, the import and the empty table."""
