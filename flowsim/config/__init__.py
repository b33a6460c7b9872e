"""Configuration files: reading, laying over, checking, explaining."""
