"""Settings of the site's content: what the office can change in the desk, kept in the database."""
