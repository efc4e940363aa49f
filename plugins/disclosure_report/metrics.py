"""What is counted for the report, and the figures that add the counts up."""

from cms.api import Metric, tally_figure

METRICS = (
    Metric(
        code="portal.items", label="县政府门户网站公开工作动态", unit="条",
        help="县政府门户网站上公开的本机关工作动态，与本网站的工作动态分别统计。",
    ),
    Metric(code="push.portal", label="向县政府门户网站推送信息", unit="条"),
    Metric(code="push.upper", label="向省市民政网推送信息", unit="条"),
)  # fmt: skip

FIGURES = (
    tally_figure("portal.items", "县政府门户网站公开工作动态", metric="portal.items", unit="条", public=True),
    tally_figure("push.portal", "向县政府门户网站推送信息", metric="push.portal", unit="条", public=True),
    tally_figure("push.upper", "向省市民政网推送信息", metric="push.upper", unit="条", public=True),
)
