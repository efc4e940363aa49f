"""SQLAlchemy without business words: base class, column types, engines, units of work, migrations."""
