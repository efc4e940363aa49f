"""What everything else stands on: errors, hooks, clock, text. Standard library only."""
