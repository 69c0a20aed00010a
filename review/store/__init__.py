"""What officers decide, kept in SQLite or PostgreSQL: current state in tables, every act in a chained log."""
