"""Everything about plugins except hooks themselves: manifest, discovery, loading, life cycle."""
