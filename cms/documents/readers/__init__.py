"""From files to blocks: one module for each format. What is read is hostile until shown otherwise."""
