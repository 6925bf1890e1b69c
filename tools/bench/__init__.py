"""`make bench`: speed, memory and accuracy beside stock Rasa and the floor."""
