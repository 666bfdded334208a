"""Finds the guide or the service a question is about, typos and missing letters forgiven.

Character 3- and 4-grams of folded words, weighted by how rare they are: of the methods measured on
short texts in these languages, none of which has a stemmer, this one was right most often.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from bot.content.guides import Guides
from bot.content.services import Services

# People type Kazakh and Kyrgyz letters as the Russian ones that look like them.
_FOLD = str.maketrans("әғқңөұүһіё", "агкноуухие")
_WORD = re.compile(r"[^\W_]+")
_GRAMS = (3, 4)
# A question is short: what its best document shares with it must be more than chance.
_GOOD = 0.25
_PHRASE_WEIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Document:
    """What can be found.

    Attributes:
        code: a short name that never changes, for buttons.
        is_guide: a guide, otherwise a medical service.
    """

    key: str
    is_guide: bool

    @property
    def code(self) -> str:
        kind = "g" if self.is_guide else "s"
        return kind + blake2b(self.key.encode(), digest_size=3).hexdigest()


Vector = Mapping[str, float]


class Search:
    """An index of phrases, each belonging to a document.

    A document is as good as its best phrase (a title, a way people ask), helped by its whole text.
    """

    def __init__(
        self, phrases: Iterable[tuple[Document, str]], texts: Mapping[Document, list[str]]
    ):
        short = [(document, _grams(phrase)) for document, phrase in phrases]
        long = [(document, _grams(text)) for document, parts in texts.items() for text in parts]
        seen: Counter[str] = Counter()
        for _document, grams in (*short, *long):
            seen.update(grams.keys())
        total = len(short) + len(long)
        self._rarity = {gram: math.log(1 + total / count) for gram, count in seen.items()}
        self._phrases = _Postings(short, self._rarity)
        self._texts = _Postings(long, self._rarity)
        documents = {document for document, _grams in (*short, *long)}
        self._by_code = {document.code: document for document in documents}

    def find(self, question: str, limit: int = 3) -> list[Document]:
        """List the documents that fit best; nothing where none is a good match."""
        return [document for document, _score in self.scores(question)[:limit]]

    def scores(self, question: str) -> list[tuple[Document, float]]:
        """Score the documents that fit well enough, the best first."""
        grams = _grams(question)
        vector = _unit(grams, self._rarity)
        if not vector:
            return []
        scores: dict[Document, float] = defaultdict(float)
        for document, score in self._phrases.best(vector).items():
            scores[document] += _PHRASE_WEIGHT * score
        for document, score in self._texts.best(vector).items():
            scores[document] += (1 - _PHRASE_WEIGHT) * score
        good = [(document, score) for document, score in scores.items() if score >= _GOOD]
        return sorted(good, key=lambda found: (-found[1], found[0].key))

    def by_code(self, code: str) -> Document | None:
        return self._by_code.get(code)


class _Postings:
    """Which phrases hold a gram, and how heavily."""

    def __init__(
        self, entries: Iterable[tuple[Document, Counter[str]]], rarity: Mapping[str, float]
    ) -> None:
        self._documents: list[Document] = []
        self._by_gram: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, (document, grams) in enumerate(entries):
            self._documents.append(document)
            for gram, weight in _unit(grams, rarity).items():
                self._by_gram[gram].append((place, weight))

    def best(self, question: Vector) -> dict[Document, float]:
        """Give the cosine with the best phrase of each document."""
        products: dict[int, float] = defaultdict(float)
        for gram, weight in question.items():
            for place, other in self._by_gram.get(gram, ()):
                products[place] += weight * other
        best: dict[Document, float] = {}
        for place, product in products.items():
            document = self._documents[place]
            best[document] = max(best.get(document, 0.0), product)
        return best


def build_search(guides: Guides, services: Services) -> Search:
    """Index every guide and service in all languages at once: people mix them."""
    phrases: list[tuple[Document, str]] = []
    texts: dict[Document, list[str]] = {}
    for slug, by_locale in guides.items():
        document = Document(slug, is_guide=True)
        for guide in by_locale.values():
            phrases += [(document, phrase) for phrase in (guide.title, *guide.asks)]
        texts[document] = [guide.body for guide in by_locale.values()]
    for service in services.by_key.values():
        document = Document(service.key, is_guide=False)
        for locale, name in service.name.items():
            phrases += [(document, phrase) for phrase in (name, *service.words[locale])]
    return Search(phrases, texts)


def _grams(text: str) -> Counter[str]:
    grams: Counter[str] = Counter()
    for word in _WORD.findall(text.lower().translate(_FOLD)):
        padded = f" {word} "
        for size in _GRAMS:
            grams.update(padded[start : start + size] for start in range(len(padded) - size + 1))
    return grams


def _unit(grams: Counter[str], rarity: Mapping[str, float]) -> Vector:
    """Weigh grams by rarity and scale to length one; unknown grams count in the length too."""
    unknown = max(rarity.values(), default=0.0)
    weights = {
        gram: (1 + math.log(count)) * rarity.get(gram, unknown) for gram, count in grams.items()
    }
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {gram: weight / length for gram, weight in weights.items()} if length else {}
