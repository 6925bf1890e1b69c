"""Channels that send one object for each message."""
