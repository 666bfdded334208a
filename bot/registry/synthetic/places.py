"""Regions of Kazakhstan (KATO, two digits) with population, and made-up clinics in them."""

from bisect import bisect
from itertools import accumulate

# Thousands of people, 2025, rounded; for weights only.
POPULATION = {
    "10": 600,  # Abai
    "11": 790,  # Akmola
    "15": 950,  # Aktobe
    "19": 1570,  # Almaty region
    "23": 720,  # Atyrau
    "27": 700,  # West Kazakhstan
    "31": 1225,  # Zhambyl
    "33": 700,  # Zhetisu
    "35": 1135,  # Karaganda
    "39": 825,  # Kostanay
    "43": 850,  # Kyzylorda
    "47": 810,  # Mangystau
    "55": 750,  # Pavlodar
    "59": 515,  # North Kazakhstan
    "61": 2160,  # Turkistan
    "62": 220,  # Ulytau
    "63": 720,  # East Kazakhstan
    "71": 1600,  # Astana
    "75": 2320,  # Almaty
    "79": 1280,  # Shymkent
}
# 694 clinics of primary care serve about 20 million people; a few people have chosen none.
_THOUSANDS_PER_CLINIC = 29
_WITH_CLINIC = 0.96


def _weights_of_places() -> dict[str, float]:
    """Give the weight of each region and clinic; the first of a region has thrice the last."""
    weights = {}
    for region, people in POPULATION.items():
        weights[f"{region},"] = people * (1 - _WITH_CLINIC)
        clinics = people // _THOUSANDS_PER_CLINIC
        for place in range(clinics):
            share = (3 - 2 * place / clinics) / (2 * clinics + 1)
            weights[f"{region},{region}-{place + 1:03d}"] = people * _WITH_CLINIC * share
    return weights


_PLACES = list(_weights_of_places())
# Where each place ends on a line of everybody.
_ENDS = list(accumulate(_weights_of_places().values()))
_EVERYBODY = _ENDS.pop()


def place_at(share: float) -> str:
    """Give the columns ``region,clinic`` of the person at *share*, 0 to below 1, of everybody."""
    return _PLACES[bisect(_ENDS, share * _EVERYBODY)]
