"""What is checked before a text becomes public."""

from collections.abc import Mapping

from cms.api import Json, gettext


def problems_of(values: Mapping[str, Json]) -> list[str]:
    """Return what contradicts itself in the stored values of a text; dates are ISO texts and compare as such."""
    problems = []
    begins, repealed, ends = (str(values.get(name) or "") for name in ("effective_on", "repealed_on", "valid_until"))
    if begins and repealed and repealed < begins:
        problems.append(gettext("“废止日期”早于“施行日期”，请核对。"))
    if begins and ends and ends < begins:
        problems.append(gettext("“有效期至”早于“施行日期”，请核对。"))
    if repealed and not values.get("validity_basis"):
        problems.append(gettext("填写了“废止日期”的，请在“效力变化依据”写明废止它的文件。"))
    return problems
