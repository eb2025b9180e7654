"""Pages that visitors see: parse, call, render."""
