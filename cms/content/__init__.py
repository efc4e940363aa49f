"""Content items: the heart. Types and their metadata are declared by plugins."""
