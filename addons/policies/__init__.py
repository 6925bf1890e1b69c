"""Policies of the Rasa server."""
