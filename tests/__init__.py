"""Tests of the whole house. Each room's own tests stand in the room."""
