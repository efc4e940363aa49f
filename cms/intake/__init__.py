"""What public forms of citizens share below the web: counting of attempts, questions against robots, spent tokens."""
