"""What the Rasa server loads by module path: NLU, policies, stores and channels."""
