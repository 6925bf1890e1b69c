"""How `wrist.lexicon` reads words. Only it imports from here (domain layer)."""
