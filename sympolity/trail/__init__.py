"""trail: what happened, in order, for ever."""
