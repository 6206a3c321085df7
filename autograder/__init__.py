"""What only an instructor runs: making starters, grading, and the bank of wrong answers."""
