"""What people say without an account: that a record is wrong, that somebody behaved wrongly, that something is missing."""
