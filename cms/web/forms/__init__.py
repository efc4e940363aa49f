"""Forms: small fixed ones, and those that follow from the declarations of content types."""
