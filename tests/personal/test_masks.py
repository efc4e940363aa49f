"""Masking: names, numbers and addresses, alone and in running text."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.personal.identity import id_check_digit, is_id_number, passes_luhn
from cms.personal.masks import (
    find_personal,
    mask_address,
    mask_card,
    mask_email,
    mask_id,
    mask_name,
    mask_personal,
    mask_phone,
)

ID = "11010519491231002X"
CARD = "6222021234567890128"


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (mask_name, "张三", "张*"),
        (mask_name, "张小三", "张*三"),
        (mask_name, "欧阳小明", "欧**明"),
        (mask_name, " 王 ", "*"),
        (mask_name, "买买提·艾力", "买***"),
        (mask_name, "John Smith", "J***"),
        (mask_name, "", ""),
        (mask_phone, "13812345678", "138****5678"),
        (mask_phone, "+86 138-1234-5678", "138****5678"),
        (mask_phone, "0734-5812345", "0734-*****45"),
        (mask_phone, "(010) 65812345", "010-******45"),
        (mask_phone, "5812345", "*****45"),
        (mask_phone, "110", "*10"),
        (mask_phone, "", ""),
        (mask_phone, "无", ""),
        (mask_id, ID, "110*************2X"),
        (mask_id, "110105491231002", "110*************2X"),
        (mask_id, "E12345678", "*******78"),
        (mask_id, "A1", "**"),
        (mask_id, "", ""),
        (mask_email, "wang@example.cn", "w***@example.cn"),
        (mask_email, "w", "***"),
        (mask_email, "", ""),
        (mask_address, "湖南省衡山县开云镇人民路12号3栋201室", "湖南省衡山县开云镇***"),
        (mask_address, "衡山县白果镇岳北村2组15号", "衡山县白果镇岳北村***"),
        (mask_address, "金色小区3栋", "***"),
        (mask_address, "开云镇第３社区12号", "开云镇第*社区***"),
        (mask_address, "衡山县", "衡山县"),
        (mask_address, "", ""),
        (mask_card, "6222 0212 3456 7890 128", "***************0128"),
    ],
)
def test_single_values(mask, text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"身份证号{ID}，请查收", "身份证号110*************2X，请查收"),
        (f"身份证号{ID.lower()}。", "身份证号110*************2X。"),
        ("１１０１０５１９４９１２３１００２Ｘ", "110*************2X"),
        ("110105 1949 1231 002X", "110*************2X"),
        ("110105\u200b19491231\u200b002X完", "110*************2X完"),
        ("110105194912310021", "110*************21"),
        ("旧证110105491231002号", "旧证110*************2X号"),
        ("请打13812345678或139-8765-4321", "请打138****5678或139****4321"),
        ("+86 13812345678", "138****5678"),
        ("电话0734-5812345、(0734)5812346", "电话0734-*****45、0734-*****46"),
        ("联系电话：5812345", "联系电话：*****45"),
        ("发到wang.xm@example.cn吧", "发到w***@example.cn吧"),
        ("发到ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｎ", "发到w***@example.cn"),
        ("12345678@qq.com", "1***@qq.com"),
        (f"卡号{CARD}", "卡号***************0128"),
        ("卡号6222 0212 3456 7890 128", "卡号***************0128"),
        ("٠٧٣٤-٥٨١٢٣٤٥", "0734-*****45"),
    ],
)
def test_values_in_running_text_are_masked(text, masked):
    assert mask_personal(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "衡民发〔2016〕12号，2016年6月1日，共1234567890元",
        "拨打12345热线或110",
        "申请编号20160601000123",
        "索引号11430423006351234X/2016-00012",
        "项目编号123456789012345678",
        "金额5812345元，编号65812345",
        "版本1.2.3，www.example.cn，@所有人",
        "211010519491231002X7",
        "",
    ],
)
def test_other_numbers_stay(text):
    assert mask_personal(text) == text


def test_numbers_of_the_office_can_be_kept():
    text = "请致电0734-5812345或(0734)5812345，传真0734-5812346，邮箱mzj@example.cn"

    masked = mask_personal(text, keep=["0734 5812345", "MZJ@example.cn"])

    assert masked == "请致电0734-5812345或(0734)5812345，传真0734-*****46，邮箱mzj@example.cn"


def test_what_is_found_has_its_kind_and_place():
    text = f"王小明 {ID} 13812345678"

    assert [(one.kind, one.start, one.end, one.text) for one in find_personal(text)] == [
        ("id_number", 4, 22, ID), ("mobile", 23, 34, "13812345678"),
    ]  # fmt: skip
    assert find_personal("110105194912310021")[0].kind == "id_like"


@st.composite
def id_numbers(draw):
    day = draw(st.dates(date(1930, 1, 1), date(2025, 1, 1)))
    first = f"{draw(st.sampled_from(['430423', '110105', '650102']))}{day:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first + id_check_digit(first)


#: Nothing that could belong to a number.
SURROUNDINGS = st.text(alphabet="，。：王小明住在 （）\n", max_size=20)


@given(SURROUNDINGS, id_numbers(), SURROUNDINGS)
def test_no_identity_number_survives(before, number, after):
    masked = mask_personal(before + number + after)

    assert is_id_number(number)
    assert number not in masked
    assert number[6:14] not in masked
    assert masked == before + mask_id(number) + after


@given(SURROUNDINGS, st.integers(13_000_000_000, 19_999_999_999), SURROUNDINGS)
def test_no_mobile_number_survives(before, number, after):
    assert str(number) not in mask_personal(f"{before}{number}{after}")


@given(st.text())
def test_any_text_can_be_masked_and_masking_twice_changes_nothing_more(text):
    masked = mask_personal(text)

    assert mask_personal(masked) == masked
    found = find_personal(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(st.text(), st.sampled_from([mask_name, mask_phone, mask_id, mask_email, mask_address, mask_card]))
def test_masks_take_any_text(text, mask):
    assert isinstance(mask(text), str)


@given(st.text(alphabet="王李张欧阳小明红伟", min_size=1, max_size=6))
def test_masked_name_shows_two_characters_at_most(name):
    masked = mask_name(name)

    assert len(masked) == len(name)
    assert len(masked.replace("*", "")) == min(2, len(name) - 1)


def test_check_digits():
    assert is_id_number(ID)
    assert not is_id_number(ID[:-1] + "1")
    assert not is_id_number("110105194913310029")
    assert passes_luhn(CARD)
    assert not passes_luhn(CARD[:-1] + "3")


def test_long_texts_take_time_in_proportion():
    text = ("a" * 200 + "1" * 30 + " 13812345678 ") * 2000

    assert mask_personal(text).count("138****5678") == 2000
