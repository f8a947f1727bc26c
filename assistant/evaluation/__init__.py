"""Evaluation: how well the assistant answers questions whose answers are known. A door: it asks and changes nothing."""
