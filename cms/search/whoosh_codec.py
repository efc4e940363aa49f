"""Writing and reading Whoosh segments in bulk, in Whoosh's own file format.

Whoosh 2.7.4 writes one Python tuple per posting and reads postings one method call at a time. Here the
postings of a term are arrays, written and read as whole blocks: five times less work for writing, twenty
times for reading. The files stay what Whoosh calls W3, so that its segments, deletions, columns, commits and
tools keep working. The library is frozen since 2016; the tests of this package guard the internals that are
used here.
"""

import io
import pickle
import struct
import uuid
import zlib
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Protocol

from whoosh import fields, formats
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment, W3TermInfo
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.util.numlists import GrowableArray

from cms.search.whoosh_pool import Sorted, TermPool

FIELD = "terms"
"""The one indexed field."""

_MAGIC = b"W3Bl"
_BLOCK = 4096
_COMPRESS_FROM = 8  # Shorter blocks grow when compressed.
_INT = struct.Struct("!i")
_SHORT = struct.Struct("!H")
_EXTENT = struct.Struct("!qi")
_LENGTHS = struct.Struct("!ii")
_POINTER = struct.Struct("!Iq")
_ENTRY: struct.Struct = W3TermInfo._struct  # noqa: SLF001 — the format of a term's entry lives there
_INLINE = 3  # Postings that are kept in the entry of their term; half of all terms occur once.


class _Weights(formats.Frequency):
    """Postings with a weight and no further value."""

    def fixed_value_size(self) -> int:
        """Return no bytes."""
        return 0


class ImpactField(fields.FieldType):
    """A field whose value is a ready mapping of terms to impacts; there is nothing to analyse."""

    indexed, stored, scorable, unique, vector, column_type = True, False, False, False, None, None
    analyzer = None
    queryor = None

    def __init__(self) -> None:
        self.format = _Weights()

    def index(self, _value: dict[bytes, int], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield nothing: :meth:`TermPool.add_terms` takes the mapping as a whole."""
        yield from ()

    def to_bytes(self, value: bytes) -> bytes:
        """Terms are bytes already."""
        return value

    def from_bytes(self, value: bytes) -> bytes:
        """Terms stay bytes."""
        return value


class BlockCodec(W3Codec):
    """W3 with whole-block writing."""

    length_stats = False

    def __init__(self) -> None:
        super().__init__(_BLOCK, 1, 1)

    def new_segment(self, storage: object, indexname: str) -> W3Segment:
        """Name the segment so that no other has its name.

        Whoosh draws names from the shared generator of ``random``: who seeds that gets the same names again.
        """
        segment = super().new_segment(storage, indexname)
        segment.segid = uuid.uuid4().hex
        return segment

    def field_writer(self, storage: object, segment: object) -> "_BlockWriter":
        """Return our writer."""
        return _BlockWriter(self, storage, segment)


class _TermTable(OrderedHashWriter):
    """The table of terms, written with a tenth of the memory; the file is as Whoosh writes it."""

    def __init__(self, dbfile: object) -> None:
        HashWriter.__init__(self, dbfile, hashtype=1)  # CRC 32; the default is MD5. The file says which.
        self.index = GrowableArray("H")
        self.buckets = [array("Q") for _ in range(256)]
        self.position: int = self.tell()

    def add(self, key: bytes, value: bytes) -> None:
        """Add an entry; keys ascend."""
        self.index.append(self.position)
        hashed = zlib.crc32(key)
        # Position and hash in one number: a table of terms stays far below 4 GB.
        self.buckets[hashed & 0xFF].append(self.position << 32 | hashed)
        entry = b"".join((_LENGTHS.pack(len(key), len(value)), key, value))
        self.dbfile.write(entry)
        self.position += len(entry)

    def _write_hashes(self) -> None:
        for entries in self.buckets:
            slots = 2 * len(entries)
            self.directory.append((self.dbfile.tell(), slots))
            table = bytearray(slots * _POINTER.size)
            taken = bytearray(slots)
            for entry in entries:
                slot = ((entry & 0xFFFFFFFF) >> 8) % slots
                while taken[slot]:
                    slot = (slot + 1) % slots
                taken[slot] = 1
                _POINTER.pack_into(table, slot * _POINTER.size, entry & 0xFFFFFFFF, entry >> 32)
            self.dbfile.write(bytes(table))
        self.buckets = []


class _BlockWriter(W3FieldWriter):
    _tindex: _TermTable
    _fieldmap: dict[str, int]

    def __init__(self, codec: W3Codec, storage: object, segment: object) -> None:
        super().__init__(codec, storage, segment)
        table = self._tindex.dbfile
        table.seek(0)  # Over the header that Whoosh's own writer has just written; ours is as long.
        self._tindex = _TermTable(table)
        self._fieldmap = self._tindex.extras["fieldmap"] = {}

    def add_postings(self, schema: fields.Schema, lengths: object, pool: TermPool) -> None:  # noqa: ARG002 — Whoosh's signature
        self.start_field(FIELD, schema[FIELD])
        key = _SHORT.pack(self._fieldid)
        position = self._postfile.tell()
        for term, ids, impacts in pool.sorted_terms():
            inline = len(ids) <= _INLINE
            # The order of Whoosh's own W3TermInfo.to_bytes: flags, weight, frequency, lengths, top weight,
            # first, last.
            entry = _ENTRY.pack(inline, sum(impacts), len(ids), 0, 0, max(impacts), ids[0], ids[-1])
            if inline:
                place = pickle.dumps((tuple(ids), tuple(impacts), ()), 2)
            else:
                raw = encode(ids, impacts)
                self._postfile.write(raw)
                place = _EXTENT.pack(position, len(raw))
                position += len(raw)
            self._tindex.add(key + term, entry + place)
        self.finish_field()


def encode(ids: list[int], impacts: list[int]) -> bytes:
    """Write one posting list as W3 blocks: differences of ids and the impacts, pickled."""
    raw = [_MAGIC]
    for at in range(0, len(ids), _BLOCK):
        block, weights = ids[at : at + _BLOCK], impacts[at : at + _BLOCK]
        steps = (block[0], *(after - before for before, after in pairwise(block)))
        content = pickle.dumps((steps, tuple(weights), None), 2)
        compression = 1 if len(block) >= _COMPRESS_FROM else 0
        if compression:
            content = zlib.compress(content, compression)
        head = pickle.dumps((len(block), block[-1], max(weights), compression, 0, 0), 2)
        size = len(head) + len(content)
        raw += (_INT.pack(-size if at + _BLOCK >= len(ids) else size), head, content)
    return b"".join(raw)


def decode(raw: bytes) -> tuple[list[int], list[int]]:
    """Read what :func:`encode` wrote. The index folder is private (0700): the pickles are our own."""
    position, ids, impacts = len(_MAGIC), list[int](), list[int]()
    while True:
        (size,) = _INT.unpack_from(raw, position)
        block = io.BytesIO(raw[position + 4 : position + 4 + abs(size)])
        compression = pickle.load(block)[3]  # noqa: S301 — see the docstring
        content = block.read()
        steps, weights, _ = pickle.loads(zlib.decompress(content) if compression else content)  # noqa: S301 — see the docstring
        ids.extend(accumulate(steps))
        impacts.extend(weights)
        position += 4 + abs(size)
        if size < 0:
            return ids, impacts


class Terms(Protocol):
    """The part of Whoosh's W3TermsReader that is used."""

    _tindex: "_TermIndex"
    _postfile: "_Bytes"
    _fieldmap: dict[str, int]


class _TermIndex(Protocol):
    def __getitem__(self, key: bytes) -> bytes: ...
    def items(self) -> Iterator[tuple[bytes, bytes]]: ...


class _Bytes(Protocol):
    def get(self, position: int, length: int) -> bytes: ...


def read_postings(terms: Terms, term: bytes) -> tuple[Sequence[int], Sequence[int]] | None:
    """Return the postings of ``term`` in a segment, or None."""
    number = terms._fieldmap.get(FIELD)  # noqa: SLF001 — Whoosh offers no bulk reading
    if number is None:
        return None
    try:
        entry = terms._tindex[_SHORT.pack(number) + term]  # noqa: SLF001 — as above
    except KeyError:
        return None
    return _at(terms, bytes(entry))


def read_all(terms: Terms, positions: list[int]) -> Iterator[Sorted]:
    """Yield all terms of a segment in order, documents moved to ``positions`` (-1: left out)."""
    for key, entry in terms._tindex.items():  # noqa: SLF001 — as above
        ids, impacts = _at(terms, bytes(entry))
        kept = [(positions[doc], impact) for doc, impact in zip(ids, impacts, strict=True) if positions[doc] >= 0]
        if kept:
            yield bytes(key)[_SHORT.size :], [doc for doc, _ in kept], [impact for _, impact in kept]


def _at(terms: Terms, entry: bytes) -> tuple[Sequence[int], Sequence[int]]:
    if entry[0]:
        ids, impacts, _ = pickle.loads(entry[_ENTRY.size :])  # noqa: S301 — as in decode
        return ids, impacts
    position, length = _EXTENT.unpack_from(entry, _ENTRY.size)
    return decode(bytes(terms._postfile.get(position, length)))  # noqa: SLF001 — as above
