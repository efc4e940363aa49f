"""Forms of the administration: they carry text to services and back; the rules live in the services."""
