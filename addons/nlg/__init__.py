"""Responses made inside the Rasa server from the content."""
