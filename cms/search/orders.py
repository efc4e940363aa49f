"""Numbers of orders (令): 中华人民共和国国务院令第660号, which have an issuer and a number but no year."""

import re

_ORDER = re.compile(r"令[ (〔]{0,2}第? ?0{0,4}([1-9][0-9]{0,4}) ?号")
_ISSUER = re.compile(r"[\u4e00-\u9fff]{2,16}\Z")
_STATE = "中华人民共和国"


def find_orders(folded: str) -> list[str]:
    """Find numbers of orders in a folded text and write them as ``国务院令第660号``."""
    if "令" not in folded:
        return []
    found = []
    for match in _ORDER.finditer(folded):
        issuer = _ISSUER.search(folded, max(0, match.start() - 16), match.start())
        if issuer is not None:
            found.append(f"{issuer[0].rpartition(_STATE)[2]}令第{match[1]}号")
    return found
