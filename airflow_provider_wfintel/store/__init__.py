"""Floor 3: our tables, their migrations, and repositories. No module above writes SQL."""
