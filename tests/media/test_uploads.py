"""What uploads may be, and what is taken out of pictures; every file is made here."""

import io
import os
import resource
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from cms.kernel.errors import Invalid
from cms.media.images import tidy
from cms.media.kinds import kind_of

ODT = "application/vnd.oasis.opendocument.text"


def zipped(entries, packing=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def encrypted(content):
    """Set the flag of encryption in both headers of every entry."""
    changed = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(signature, at + 1)
    return bytes(changed)


def spoilt(content, name):
    """Overwrite the beginning of the packed bytes of the first entry, which is called ``name``."""
    at = content.index(name) + len(name)
    return content[:at] + b"\xff" * 20 + content[at + 20 :]


def wrong_name(content):
    """Say that names are UTF-8 and make one that is not."""
    changed = bytearray(content.replace(b"mimetype", b"mime\xff\xfepe"))
    changed[changed.find(b"PK\x01\x02") + 9] |= 0x08
    return bytes(changed)


@pytest.mark.parametrize(
    "content",
    [
        encrypted(zipped({"mimetype": ODT})),
        spoilt(zipped({"mimetype": os.urandom(40) + b"x" * 200}), b"mimetype"),
        zipped({"mimetype": ODT}, zipfile.ZIP_LZMA),
        wrong_name(zipped({"mimetype": ODT})),
        zipped({"mimetype": ODT})[:-5],
    ],
    ids=["encrypted", "corrupt", "lzma", "name", "cut"],
)
def test_damaged_archive_is_refused_in_words(content):
    with pytest.raises(Invalid) as raised:
        kind_of(content, "a.odt")

    assert raised.value.errors == {"file": ["文件已损坏，无法打开。"]}


def test_mimetype_that_unpacks_to_very_much_is_refused_unread():
    packer = zlib.compressobj(9)
    length, raw = 300_000_000, b""
    block = bytes(1_000_000)
    for _ in range(length // len(block)):
        raw += packer.compress(block)
    raw = (raw + packer.flush())[2:-4]
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 33, 0, len(raw), length, 8, 0) + b"mimetype" + raw
    central = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, 0, len(raw), length, 8, 0, 0, 0, 0, 0, 0
    ) + b"mimetype"  # fmt: skip
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(Invalid) as raised:
        kind_of(local + central + end, "a.zip")

    assert raised.value.errors == {"file": ["压缩文件解开后过大，已拒绝。"]}
    # Kilobytes; unpacked it would have been 300 000.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


@pytest.mark.parametrize(
    ("entries", "name", "kind"),
    [
        ({"mimetype": ODT, "content.xml": "<x/>"}, "文件.odt", ODT),
        ({"OFD.xml": "<x/>"}, "公文.ofd", "application/ofd"),
        ({"a.txt": "文"}, "附件.zip", "application/zip"),
    ],
)
def test_sound_archive_is_what_it_holds(entries, name, kind):
    assert kind_of(zipped(entries), name).media_type == kind


def test_archive_cannot_call_itself_something_that_is_no_archive():
    with pytest.raises(Invalid, match="不支持这种文件"):
        kind_of(zipped({"mimetype": "application/pdf"}), "a.pdf")


def exif(remark):
    written = Image.Exif()
    written[0x010E] = remark
    return written


def frames(count=3):
    # Noise-free but different frames, so that none of them is dropped as a copy.
    return [Image.new("RGB", (32, 24), (60 * number, 10, 200 - 50 * number)) for number in range(count)]


def animated(image_format, **options):
    file = io.BytesIO()
    first, *others = frames()
    first.save(
        file,
        image_format,
        save_all=True,
        append_images=others,
        duration=[100, 200, 300],
        exif=exif("SECRET"),
        **options,
    )
    return file.getvalue()


def seen(content):
    """Return each frame of an animation with its duration."""
    with Image.open(io.BytesIO(content)) as opened:
        shown = []
        for number in range(opened.n_frames):
            opened.seek(number)
            opened.load()
            shown.append((opened.convert("RGB").tobytes(), opened.info.get("duration")))
        return shown


@pytest.mark.parametrize(
    ("image_format", "name", "media_type"),
    [("PNG", "a.png", "image/png"), ("WEBP", "a.webp", "image/webp")],
)
def test_animation_loses_its_exif_and_keeps_its_frames(image_format, name, media_type):
    content = animated(image_format, lossless=True)
    assert b"SECRET" in content
    assert kind_of(content, name).media_type == media_type

    tidied, width, height = tidy(content + b"HIDDEN BEHIND", media_type)

    assert b"SECRET" not in tidied
    assert b"HIDDEN" not in tidied
    assert (width, height) == (32, 24)
    assert len(seen(tidied)) == 3
    assert seen(tidied) == seen(content)


def test_animation_with_a_wrong_length_is_refused():
    content = animated("PNG")
    at = content.rindex(b"fdAT") - 4
    with pytest.raises(Invalid):
        tidy(content[:at] + b"\x7f\xff\xff\xff" + content[at + 4 :], "image/png")


def test_animated_gif_stays_as_it_is():
    content = animated("GIF")

    assert tidy(content, "image/gif") == (content, 32, 24)


def test_phone_picture_with_a_second_picture_behind_becomes_a_plain_jpeg():
    file = io.BytesIO()
    first = Image.new("RGB", (40, 20), (250, 0, 0))
    first.save(file, "MPO", save_all=True, append_images=[Image.new("RGB", (40, 20), (0, 0, 250))], exif=exif("SECRET"))
    content = file.getvalue()
    with Image.open(io.BytesIO(content)) as opened:
        assert opened.format == "MPO"
    assert kind_of(content, "IMG_1.jpg").media_type == "image/jpeg"

    tidied, width, height = tidy(content, "image/jpeg")

    assert (width, height) == (40, 20)
    assert b"SECRET" not in tidied
    with Image.open(io.BytesIO(tidied)) as opened:
        assert opened.format == "JPEG"
        assert opened.getpixel((5, 5))[0] > 200


def test_comment_of_a_jpeg_is_dropped():
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG", comment=b"SECRET")
    assert b"SECRET" in file.getvalue()

    assert b"SECRET" not in tidy(file.getvalue(), "image/jpeg")[0]
