"""kit: plain Python that every room may use. No Django here (the import contract holds it)."""
