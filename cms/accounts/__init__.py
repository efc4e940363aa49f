"""People who work in the desk: accounts, departments, roles, permissions."""
