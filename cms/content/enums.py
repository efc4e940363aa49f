"""The closed sets of words that content uses."""

from enum import StrEnum


class State(StrEnum):
    """Where the newest revision of an item stands; whether an older one is public is another question."""

    DRAFT = "draft"
    REVIEW = "review"
    RETURNED = "returned"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Origin(StrEnum):
    """How an item came into the site."""

    DESK = "desk"
    IMPORT = "import"


class PublicationAction(StrEnum):
    """What a line of the publication log says."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Exclusion(StrEnum):
    """Why a withdrawn item is left out of the figures."""

    NONE = ""
    MISTAKE = "误发"
    DUPLICATE = "重复"


class Conclusion(StrEnum):
    """How a review ended."""

    APPROVED = "approved"
    RETURNED = "returned"


class AssetRole(StrEnum):
    """What an asset is to an item."""

    COVER = "cover"
    IMAGE = "image"
    ATTACHMENT = "attachment"
    INLINE = "inline"
