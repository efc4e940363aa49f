"""The generated pages of ``docs/reference``, made from the code alone, so that they cannot be out of date.

The order is that of the source or of the alphabet: the same code gives the same text everywhere.
"""
