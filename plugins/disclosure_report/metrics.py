"""What is counted for the report, and the figures that add the counts up."""

from cms.api import Metric, tally_figure

TOPICS = ("城乡低保", "优抚安置", "殡葬改革", "村（居）委会选举", "婚姻登记", "其他")

METRICS = (
    Metric(code="letters.leader_mailbox", label="书记县长信箱信件", unit="条", topics=True),
    Metric(code="letters.hotline_12345", label="12345服务热线", unit="条", topics=True),
    Metric(
        code="consultations", label="咨询", unit="人次", channels=True, topics=True,
        help="现场、电话、网上接受咨询的人次。",
    ),
    Metric(code="letters.web_replies", label="网上回复", unit="条", topics=True),
    Metric(
        code="portal.items", label="县政府门户网站公开工作动态", unit="条",
        help="县政府门户网站上公开的本机关工作动态，与本网站的工作动态分别统计。",
    ),
    Metric(code="push.portal", label="向县政府门户网站推送信息", unit="条"),
    Metric(code="push.upper", label="向省市民政网推送信息", unit="条"),
)  # fmt: skip

FIGURES = (
    tally_figure("letters.leader_mailbox", "书记县长信箱信件", metric="letters.leader_mailbox", unit="条", public=True),
    tally_figure("letters.hotline_12345", "12345服务热线", metric="letters.hotline_12345", unit="条", public=True),
    tally_figure("letters.web_replies", "网上回复", metric="letters.web_replies", unit="条", public=True),
    tally_figure("consultations.total", "咨询", metric="consultations", unit="人次", public=True),
    tally_figure(
        "consultations.onsite", "现场咨询", metric="consultations", unit="人次", channel="onsite", public=True
    ),
    tally_figure("consultations.phone", "电话咨询", metric="consultations", unit="人次", channel="phone", public=True),
    tally_figure("consultations.web", "网上咨询", metric="consultations", unit="人次", channel="web", public=True),
    tally_figure("portal.items", "县政府门户网站公开工作动态", metric="portal.items", unit="条", public=True),
    tally_figure("push.portal", "向县政府门户网站推送信息", metric="push.portal", unit="条", public=True),
    tally_figure("push.upper", "向省市民政网推送信息", metric="push.upper", unit="条", public=True),
)
