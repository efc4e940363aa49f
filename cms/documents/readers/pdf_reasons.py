"""Words by which the child process says why it reads nothing."""

ENCRYPTED, NO_TEXT, TOO_LONG, UNKNOWN_TEXT = "encrypted", "no-text", "too-long", "unknown-text"
#: Longer files are not read.
MAX_PAGES = 300
