"""For our own tests and those of plugin authors: factories and a pytest plugin with fixtures."""
