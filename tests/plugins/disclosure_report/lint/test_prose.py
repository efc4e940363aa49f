"""Each rule on prose: sentences it must object to, and sentences that only look like them."""

import pytest

COUNTY = "横山县教育局"


def page(body, year=2023, organ=COUNTY):
    """Return a report whose first chapter is ``body``."""
    return (
        f"{organ}{year}年政府信息公开工作年度报告\n\n一、总体情况\n{body}\n\n二、主动公开政府信息情况\n\n"
        "三、收到和处理政府信息公开申请情况\n\n四、政府信息公开行政复议、行政诉讼情况\n\n五、存在的主要问题及改进情况\n"
        "公开的及时性还不够，已由办公室牵头整改。\n\n六、其他需要报告的事项\n没有其他需要报告的事项。\n"
    )


def found(given, rule, body, **more):
    """Return the grade and the marked words of what a rule finds in the body."""
    text = page(body, **more)
    outcome = given.lint(text)
    return [(one.severity.value, text[one.start : one.end]) for one in given.of(outcome, rule)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("2021年，我局公开信息12条。", [("E", "2021")]),
        ("2022年度，我局公开信息12条。", [("E", "2022")]),
        ("２０２１年，我局公开信息12条。", [("E", "２０２１")]),
        ("统计期限为2022年1月1日至2022年12月31日。", [("E", "2022"), ("E", "2022")]),
        ("2023年，我局公开信息12条，比2022年增加3条。", []),
        ("2023年上年结转申请1件（2022年收到）。", []),
        ("2024年，我局将继续拓宽公开渠道。", []),
        ("根据2019年修订的《中华人民共和国政府信息公开条例》编制。", []),
        ("按照《关于印发2021年政务公开工作要点的通知》（横政办〔2021〕12号）要求。", []),
        ("条例自2019年5月15日起施行。", []),
        ("落实2021—2025年法治政府建设规划。", []),
        ("网站于2015年开通。", []),
        ("及时公开2023年预算和2022年决算。", []),
    ],
)
def test_years(given, body, expected):
    assert found(given, "X19", body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("全年公开信息870余条。", ["870余条"]), ("培训约200人次。", ["约200人次"]), ("举办活动十余次。", ["十余次"]),
        ("答复近30件。", ["近30件"]), ("参加人员50人左右。", ["50人左右"]), ("投入3.5万余元。", []),
        ("设备已运行超过8年。", []), ("近三年来，我局坚持公开。", []), ("在20个工作日内答复。", []), ("最近3次检查均合格。", []),
        ("节约3万元。", []), ("拨打12345热线。", []), ("坚持24小时值班。", []),
    ],
)  # fmt: skip
def test_vague_numbers(given, body, expected):
    expected = ["3.5万余元"] if "3.5万" in body else expected

    assert [words for _grade, words in found(given, "X21", body)] == expected


@pytest.mark.parametrize(("number", "is_wrong"), [
    ("16余条", True), ("6余件", True), ("868余条", True), ("755多条", True), ("870余条", False), ("2780多条", False),
    ("14万余条", False), ("1.2万余条", False), ("20余万条", False), ("百余条", False), ("近16条", False),
])  # fmt: skip
def test_vague_words_after_numbers_that_are_not_round(given, number, is_wrong):
    assert [words for _grade, words in found(given, "L05", f"全年公开信息{number}。")] == ([number] if is_wrong else [])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("累计发布信息53篇，其中组织机构2篇、部门文件5篇、工作动态43篇、财政预算4篇。", ["E"]),
        ("公开信息146条，其中预决算101条，措施16条，动态29条。", []),
        ("公开信息870余条，其中微信340条，微博530条。", []),
        ("公开信息870余条，其中微信340条，微博630条。", ["E"]),
        ("接受咨询2000余人次，其中现场1200余人次、电话800余人次。", ["W"]),
        ("收到申请10件，其中网上申请3件。", []),
        ("收到申请10件，其中网上申请3件、信函申请2件。", ["I"]),
        ("收到申请20件，其中自然人18件，法人2件，予以公开15件，不予公开5件。", []),
        ("公开信息100条，其中网站90条，微博50条。", ["W"]),
        ("办理申请92件（国家秘密2件、第三方权益90件），同比增长1%。", []),
        ("公开信息497条，其中新闻类165条，通知类39条，其他121篇等；微信公众号发布1135条。", []),
        ("有3件收取信息处理费2230元。其中，民政局1件，收取880元；教育局1件，收取1080元；财政局1件，收取270元。", []),
        ("有3件收取信息处理费2230元。其中，民政局1件，收取880元；教育局1件，收取1080元；财政局1件，收取370元。", ["E"]),
        ("新收申请9件，办结8件。其中予以公开5件、不予公开3件。", []),
        ("主动公开信息200条。（其中概况类100条，动态类60条，目录类50条）", ["E"]),
        ("收到申请14件（其中信件申请10件，网络申请4件），已办结12件，2件结转下年办理。", []),
    ],
)
def test_parts_and_totals(given, body, expected):
    assert [grade for grade, _words in found(given, "L04", body)] == expected


@pytest.mark.parametrize(
    ("organ", "body", "expected"),
    [
        (COUNTY, "我局和本局均已落实，我县、我市也有要求。", []), (COUNTY, "我办收到申请。", ["我办"]), (COUNTY, "我委、我乡。", ["我委", "我乡"]),
        ("横山县卫生健康委员会", "我委已落实。", []), ("横山县卫生健康委员会", "我局已落实。", ["我局"]),
        ("横山县人民政府", "我县、我市已落实。", []), ("青山乡人民政府", "我乡已落实，我办收到申请。", ["我办"]),
        (COUNTY, "本办法自发布之日起施行，本部门、本单位、本级负责，我们落实。", []), ("横山县人民政府办公室", "我办已落实。", []),
    ],
)  # fmt: skip
def test_own_name(given, organ, body, expected):
    assert [words for _grade, words in found(given, "L12", body, organ=organ)] == expected


def test_rates(given):
    assert found(given, "L09", "来信均100%答复。") == [("W", "100%")]
    assert found(given, "L09", "收到来信8件，答复8件，答复率100%。") == []
    assert found(given, "L09", "收到来信10余件，答复率100%。") == [("W", "100%")]
    assert found(given, "L09", "收到申请12件，同比增长20%。") == []
    assert found(given, "L09", "2024年将确保答复率达到100%。") == []


def test_one_quantity_with_several_values_or_units(given):
    assert found(given, "L06", "全年收到政府信息公开申请5件。\n本年度共收到政府信息公开申请6件。") == [("E", "6件")]
    assert found(given, "L06", "全年收到政府信息公开申请5件，上年收到政府信息公开申请6件。") == []
    assert found(given, "L06", "局网站公开工作动态68条，微信公众号公开工作动态70条。") == []
    assert found(given, "L11", "收到政府信息公开申请5件。\n政府信息公开申请5条均已答复。")[0][0] == "W"


@pytest.mark.parametrize("line", [
    "相关阅读：", "【打印】【关闭】", "上一篇：没有了", "分享到：", "浏览次数：12", "您当前的位置：首页 > 信息公开", "版权所有：横山县人民政府",
])  # fmt: skip
def test_page_furniture(given, line):
    assert [words for _grade, words in found(given, "L18", f"我局公开信息。\n{line}")] == [line]


def test_prose_is_no_furniture(given):
    assert found(given, "L18", "分享经验，关闭漏洞，打印材料，来源可靠。") == []


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ("全文包括总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六个部分。", []),
        ("本报告由总体情况，主动公开政府信息情况，收到和处理政府信息公开申请情况，政府信息公开行政复议、行政诉讼情况，存在的主要问题及改进情况和其他需要报告的事项等六部分组成。", []),
        ("全文共分五个部分。", ["说有 5 部分，正文有 6 章"]),
        ("全文共分六个部分。", []),
        ("全文由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况六部分组成。", ["说有 6 部分，列出的是 5 部分", "其他需要报告的事项"]),
    ],
)  # fmt: skip
def test_announced_chapters(given, opening, expected):
    text = page("我局公开信息。").replace("\n\n一、", f"\n\n{opening}\n\n一、")
    messages = [one.message for one in given.of(given.lint(text), "L01")]

    assert all(words in messages[0] for words in expected) if expected else messages == []


@pytest.mark.parametrize(
    "numbering", ["第{han}部分 ", "第{han}章 ", "{n}. ", "{n}、", "（{han}）", "({han})", "{han}. "]
)
def test_chapters_in_every_numbering(given, numbering):
    text = page("我局公开信息。")
    for n, han in enumerate("一二三四五六", 1):
        text = text.replace(f"\n{han}、", "\n" + numbering.format(han=han, n=n))
    outcome = given.lint(text)

    assert [chapter.heading.number for chapter in outcome.context.document.chapters] == [1, 2, 3, 4, 5, 6]
    assert given.of(outcome, "X20") == []


@pytest.mark.parametrize(
    ("change", "grade", "words"),
    [
        (("\n四、政府信息公开行政复议、行政诉讼情况\n", "\n"), "E", "没有“政府信息公开行政复议、行政诉讼情况”一章"),
        (("存在的主要问题及改进情况", "工作问题"), "E", "规定的名称是“存在的主要问题及改进情况”"),
        (("其他需要报告的事项\n没有", "其他需要报告事项\n没有"), "I", "规定的名称是“其他需要报告的事项”"),
        (("二、主动公开政府信息情况\n\n三、收到和处理政府信息公开申请情况", "二、收到和处理政府信息公开申请情况\n\n三、主动公开政府信息情况"), "E", "次序不合规定"),
        (("六、其他", "七、其他"), "W", "序号不连续"),
    ],
)  # fmt: skip
def test_prescribed_chapters(given, change, grade, words):
    found = given.of(given.lint(page("我局公开信息。").replace(*change)), "X20")

    assert (grade, True) in [(one.severity.value, words in one.message) for one in found]


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("全年新收政府信息公开申请14069件。", []), ("全年新收政府信息公开申请14070件。", ["E"]),
        ("全年收到政府信息公开申请14069件。", ["I"]), ("全年受理政府信息公开申请14629件。", ["I"]), ("全年受理政府信息公开申请14700件。", ["E"]),
        ("收到14629件政府信息公开申请。", ["I"]), ("收到14630件政府信息公开申请。", ["E"]),
        ("政府信息公开申请办结13810件，结转下年度819件。", []), ("政府信息公开申请办结13811件，结转下年度820件。", ["E", "E"]),
        ("申请中不予公开730件、无法提供3421件。", []), ("申请中不予公开731件。", ["E"]),
        ("申请中属于行政执法案卷286件。", []), ("政府信息公开申请中自然人申请13612件。", []), ("政府信息公开申请中自然人申请13613件。", ["E"]),
        ("因政府信息公开被申请行政复议790件、被提起行政诉讼212件。", []), ("因政府信息公开被申请行政复议791件。", ["E"]),
        ("政府信息公开领域备案行政复议案件134件。", ["W"]), ("全年办理一般行政复议案件56件。", []),
        ("全年未收到政府信息公开申请。", ["E"]), ("未发生因政府信息公开申请行政复议、提起行政诉讼的情况。", ["E", "E"]),
        ("全年作出行政许可决定11398889件、行政处罚6937489件。", []), ("全年作出行政许可决定100件。", ["E"]),
        ("公示行政许可信息26条。", []), ("公开行政处罚信息26件。", []), ("行政事业性收费316441万元。", []), ("行政事业性收费31.6亿元。", []),
        ("行政事业性收费31.7亿元。", ["E"]), ("市教育局收到政府信息公开申请12件。", []), ("上年收到政府信息公开申请12件。", []),
        ("网上收到政府信息公开申请12件。", []), ("有3件政府信息公开申请案件收取费用。", []), ("制发行政规范性文件565件。", ["W"]),
        ("收到群众来信500件，答复500件。", []), ("申请中予以公开及部分公开7716件，不予处理457件。", []), ("申请中予以公开及部分公开7717件。", ["E"]),
        ("政府信息公开申请办结13810件，配合上级协查依申请答复6件。", []), ("受理30件依申请公开。", ["E"]),
        ("收到政府信息公开申请14069件，结转上年度申请560件。", ["I"]), ("委托市自然资源局办理政府信息公开申请25件。", []),
        ("未收到和处理政府信息公开申请事项。", ["E"]), ("未发生因政府信息公开产生申请行政复议或者提起行政诉讼的情况。", ["E", "E"]),
    ],
)  # fmt: skip
def test_numbers_of_prose_against_tables(given, prose, expected):
    outcome = given.lint(given.report(prose=f"（一）情况。{prose}"))

    assert [one.severity.value for one in given.of(outcome, "X12")] == expected


def test_fees_and_corrected_cases(given):
    outcome = given.lint(given.report(other="无。", problems="一是政策解读不够及时，由办公室牵头整改。"))

    assert {"X13", "X17", "X26"} <= set(given.rules(outcome))
    assert "X25" in given.rules(given.lint(given.report(problems="无")), "E")
    assert not {"X13", "X17", "X25", "X26"} & set(given.rules(given.lint(given.report())))


def test_due_date_of_departments_and_governments(given):
    late, early = "\n海州市教育局\n2026年2月3日\n", "\n海州市教育局\n2026年1月31日\n"

    assert "X22" in given.rules(given.lint(given.report(organ="海州市教育局") + late))
    assert "X22" not in given.rules(given.lint(given.report(organ="海州市教育局") + early))
    assert "X22" not in given.rules(given.lint(given.report(organ="海州市人民政府") + late))


def test_text_of_last_year(given):
    from cms_plugins.disclosure_report.linting import source_of_text

    prose = (
        "我市坚持公开为常态、不公开为例外，"
        + "、".join(f"完善第{n}项公开制度并抓好落实" for n in "一二三四五六七八九十")
        + "。"
    )
    before = source_of_text(given.report(year=2024, prose=prose))
    outcome = given.lint(given.report(prose=prose), previous=before)

    assert ["总体情况" in one.message for one in given.of(outcome, "X23")] == [True]
    assert len(given.of(outcome, "X24")) == 1


def test_slips_that_experts_noted_in_published_reports(given):
    organ = "横山县农业农村局"

    assert found(given, "L22", "及时更新农业这农村动态信息。", organ=organ) == [("I", "农业这农村")]
    assert found(given, "L22", "本报告由总体情况等部门构成。") == [("I", "等部门构成")]
    assert found(given, "L22", "公共企事业单信息公开，政策的的出台。") == [("I", "公共企事业单"), ("I", "的的")]
    assert found(given, "L22", "公共企事业单位信息公开，的确如此。") == []


@pytest.mark.parametrize(("lines", "organ"), [
    ("2023年横山县人民政府信息公开工作年度报告", "横山县人民政府"), ("横山县民政局2023年政府信息公开工作\n年度报告", "横山县民政局"),
    ("首页 > 政府信息公开 > 政府信息公开年报\n横山县民政局2023年\n政府信息公开工作年度报告", "横山县民政局"),
    ("关于横山县卫生健康局2023年度政府信息公开工作的年度报告", "横山县卫生健康局"), ("横山县民政局政府信息公开工作年度报告（2023年）", "横山县民政局"),
])  # fmt: skip
def test_organ_and_year_of_a_title(given, lines, organ):
    context = given.lint(f"{lines}\n一、总体情况\n公开信息12条。\n").context

    assert (context.organ.name, context.year) == (organ, 2023)
