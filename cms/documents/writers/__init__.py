"""From blocks to files: one module for each format."""
