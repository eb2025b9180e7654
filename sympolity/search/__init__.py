"""search: the find engine. It knows no noun of other rooms; they hand it their documents."""
