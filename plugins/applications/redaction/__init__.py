"""Partial disclosure (条例 art. 37): removing content from files, never covering it.

What is removed is not in the output in any form: text is cut out of text, pixels are painted before a picture is
written anew, pages of a PDF become pictures. Everything a file carries beside its content (authors, comments, earlier
versions, thumbnails) is left behind. Each output is read again before anybody gets it; if anything is still there,
there is no output.

Self-contained: no database, no Flask.
"""
