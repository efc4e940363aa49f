"""The frame of public pages, which plugins use as well: see :mod:`cms.web.public`."""

from cms.web.public import Frame, FrameValues, frame, picture

__all__ = ["Frame", "FrameValues", "frame", "picture"]
