"""Finds the guide or the service a question is about, typos and missing letters forgiven.

Nearest neighbours: a question is compared with every way people are known to ask, by character 2-
to 4-grams of folded words weighted by rarity. None of the three languages has a stemmer of use
here; grams need none. The phrases are in locales/<language>/questions.yaml and data/services.yaml.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain

import numpy as np
from numpy.typing import NDArray

# People type Kazakh and Kyrgyz letters as the Russian ones that look like them.
_FOLD = str.maketrans("әғқңөұүһіё", "агкноуухие")
_WORD = re.compile(r"[^\W_]+")
_GRAMS = (2, 3, 4)
_NEAREST = 3
_WEIGHT_OF_ALL = 2.0
# Nothing is offered below; all but a few questions about insurance score higher.
_GOOD = 0.85
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Document:
    """What can be found: a guide, otherwise a medical service."""

    key: str
    is_guide: bool

    @property
    def code(self) -> str:
        """Give a short name that never changes, for buttons."""
        kind = "g" if self.is_guide else "s"
        return kind + blake2b(self.key.encode(), digest_size=3).hexdigest()


AMBULANCE = Document("ambulance", is_guide=False)


class Search:
    """An index of phrases by the document they ask for.

    A phrase is a vector of length one over the grams; the index keeps, gram after gram, the phrases
    that have it (``_places``) and how heavily (``_weights``), so that a question is one sum.
    """

    def __init__(
        self,
        phrases: Mapping[Document, Sequence[str]],
        small_talk: Iterable[str] = (),
        alarms: Iterable[str] = (),
    ) -> None:
        self._small_talk = frozenset(word for text in small_talk for word in _words(text))
        self._alarms = [" " + " ".join(_words(alarm)) for alarm in alarms]
        self._documents = list(phrases)
        self._by_code = {document.code: document for document in self._documents}
        self._places_of = _padded([len(asked) for asked in phrases.values()])
        self._columns: dict[str, int] = {}
        self._number = sum(map(len, phrases.values()))
        places, columns, counts = self._counted(phrases)
        found_in = np.bincount(columns)
        self._rarity = np.log1p(self._number / found_in)
        weights = (1 + np.log(counts)) * self._rarity[columns]
        lengths = np.sqrt(np.bincount(places, weights * weights, minlength=self._number))
        order = np.argsort(columns, kind="stable")
        self._places = places[order]
        self._weights = (weights / lengths[places])[order]
        self._sums = _lengths_of_sums(self._places_of, columns, places, weights / lengths[places])
        self._starts = np.concatenate(([0], np.cumsum(found_in)))

    def _counted(
        self, phrases: Mapping[Document, Sequence[str]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Number the grams; give place, gram and count of each gram of each phrase.

        A word comes in about five phrases and is taken apart once. A million Python objects at a
        time would stay with the process as memory for good.
        """
        number_of = self._columns
        columns_of: dict[str, array[int]] = {}
        columns, sizes = array("q"), []
        for phrase in chain.from_iterable(phrases.values()):
            before = len(columns)
            for word in _words(phrase):
                if word not in columns_of:
                    grams = _grams_of(word)
                    numbers = [number_of.setdefault(gram, len(number_of)) for gram in grams]
                    columns_of[word] = array("q", numbers)
                columns.extend(columns_of[word])
            sizes.append(len(columns) - before)
        places = np.repeat(np.arange(len(sizes)), sizes)
        cells, counts = np.unique(places * len(number_of) + columns, return_counts=True)
        return *np.divmod(cells, len(number_of)), counts

    def find(self, question: str, limit: int = 3) -> list[Document]:
        """List the documents that fit best; nothing where none is a good match.

        Where life may be in danger the ambulance comes first.
        """
        found = [document for document, _score in self.scores(question)[:limit]]
        if self._is_alarm(question) and AMBULANCE in self._documents:
            return [AMBULANCE, *(document for document in found if document != AMBULANCE)][:limit]
        return found

    def is_small_talk(self, question: str) -> bool:
        """Tell whether a message greets or thanks and asks for nothing."""
        words = _words(question)
        return bool(words) and self._small_talk.issuperset(words)

    def _is_alarm(self, question: str) -> bool:
        text = " " + " ".join(_words(question[:_LONGEST]))
        return any(alarm in text for alarm in self._alarms)

    def scores(self, question: str) -> list[tuple[Document, float]]:
        """Score the documents that fit well enough, the best first.

        A document is as good as its three phrases nearest to the question and the middle of all its
        phrases together: 5.0 at most.
        """
        words = _words(question[:_LONGEST])
        if self._small_talk.issuperset(words):
            return []
        closeness = np.append(self._closeness(_grams(words)), 0.0)
        of_documents = closeness[self._places_of]
        nearest = np.partition(of_documents, -_NEAREST, axis=1)[:, -_NEAREST:].sum(axis=1)
        scores = nearest + _WEIGHT_OF_ALL * of_documents.sum(axis=1) / self._sums
        best = np.argsort(-scores, kind="stable")
        return [(self._documents[i], float(scores[i])) for i in best if scores[i] >= _GOOD]

    def by_code(self, code: str) -> Document | None:
        return self._by_code.get(code)

    def _closeness(self, grams: Counter[str]) -> NDArray[np.float64]:
        """Give the cosine of a question with every phrase; unknown grams count as the rarest."""
        if not grams:
            return np.zeros(self._number)
        columns = np.array([self._columns.get(gram, -1) for gram in grams])
        rarity = np.where(columns < 0, self._rarity.max(), self._rarity[columns])
        weights = (1 + np.log(np.array(list(grams.values())))) * rarity
        weights /= np.sqrt((weights * weights).sum())
        parts = [
            (slice(self._starts[column], self._starts[column + 1]), weight)
            for column, weight in zip(columns, weights, strict=True)
            if column >= 0
        ]
        if not parts:
            return np.zeros(self._number)
        places = np.concatenate([self._places[part] for part, _weight in parts])
        products = np.concatenate([self._weights[part] * weight for part, weight in parts])
        return np.bincount(places, products, minlength=self._number).astype(np.float64)


def _padded(sizes: Sequence[int]) -> NDArray[np.int64]:
    """Give each document's places in a row, filled up with the place after the last phrase."""
    ends = np.cumsum(sizes)
    width = max(*sizes, _NEAREST)
    places = np.full((len(sizes), width), ends[-1], dtype=np.int64)
    for row, (end, size) in enumerate(zip(ends, sizes, strict=True)):
        places[row, :size] = np.arange(end - size, end)
    return places


def _lengths_of_sums(
    places_of: NDArray[np.int64],
    columns: NDArray[np.int64],
    places: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give the length of the sum of each document's phrases."""
    documents = np.empty(places_of.max() + 1, dtype=np.int64)
    for row, its_places in enumerate(places_of):
        documents[its_places] = row
    width = columns.max() + 1
    cells, cell_of = np.unique(documents[places] * width + columns, return_inverse=True)
    sums = np.bincount(cell_of, weights)
    return np.sqrt(np.bincount(cells // width, sums * sums, minlength=len(places_of)))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().translate(_FOLD))


def _grams(words: Iterable[str]) -> Counter[str]:
    return Counter(chain.from_iterable(map(_grams_of, words)))


def _grams_of(word: str) -> list[str]:
    """Give the grams of a word, its beginning and end marked by a space."""
    marked = f" {word} "
    return [
        marked[start : start + size] for size in _GRAMS for start in range(len(marked) - size + 1)
    ]
