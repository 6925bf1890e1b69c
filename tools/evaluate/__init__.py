"""`make evaluate`: how well the assistant understands, answers and reads."""
