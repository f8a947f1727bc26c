"""Training the head of support. Never loaded where statements are checked."""
