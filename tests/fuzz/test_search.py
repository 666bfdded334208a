"""Any question is searched for, quickly."""

import math
from time import process_time
from timeit import timeit

import pytest
from hypothesis import given

from bot.content.library import Content
from bot.content.questions import build_search
from bot.content.search import Search

from .texts import long_texts, texts

_LONGEST_S = 0.1


@pytest.fixture(scope="module")
def search(content: Content) -> Search:
    return build_search(content.guides, content.questions, content.services)


@given(question=texts)
def test_any_question_finds_documents_or_nothing(search: Search, question: str) -> None:
    found = search.scores(question)

    assert len({document for document, _score in found}) == len(found)
    assert all(math.isfinite(score) for _document, score in found)
    assert all(search.by_code(document.code) == document for document, _score in found)


@given(code=texts)
def test_any_code_is_a_document_or_nothing(search: Search, code: str) -> None:
    document = search.by_code(code)

    assert document is None or document.code == code


@given(question=long_texts)
def test_longest_question_takes_a_tenth_of_a_second(search: Search, question: str) -> None:
    # Without the garbage of all the other tests, which timeit leaves where it is.
    taken_s = timeit(lambda: search.find(question), number=1, timer=process_time)

    assert taken_s < _LONGEST_S
