"""Full-text search: one interface, an embedded Whoosh index behind it, and everything Chinese text needs."""
