"""The indexes under test; the contract tests run over each of them."""

import pytest

from cms.search.memory_index import MemoryIndex
from cms.search.segment import Segmenter
from cms.search.synonyms import Synonyms
from cms.search.whoosh_index import WhooshIndex


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    return Segmenter(Synonyms.built_in().words())


@pytest.fixture(params=["memory", "whoosh"])
def index(request, tmp_path, segmenter):
    in_memory = request.param == "memory"
    made = MemoryIndex(segmenter) if in_memory else WhooshIndex(tmp_path / "index", segmenter)
    yield made
    made.close()


@pytest.fixture
def whoosh(tmp_path, segmenter):
    made = WhooshIndex(tmp_path / "index", segmenter)
    yield made
    made.close()
