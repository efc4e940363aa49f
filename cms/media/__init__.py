"""Assets: uploaded files, checked by what they contain, stored under the digest of their bytes."""
