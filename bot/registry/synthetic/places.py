"""Regions of Kazakhstan (KATO, two digits) with population, and made-up clinics in them."""

from itertools import accumulate
from random import Random

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
# 694 clinics of primary care serve about 20 million people.
_THOUSANDS_PER_CLINIC = 29
_REGIONS = list(POPULATION)
_WEIGHTS = list(accumulate(POPULATION.values()))


def draw_region(random: Random) -> str:
    """Draw a region in proportion to its population."""
    return random.choices(_REGIONS, cum_weights=_WEIGHTS)[0]


def draw_clinic(region: str, random: Random) -> str:
    """Draw a clinic code of the form ``75-012``."""
    clinics = POPULATION[region] // _THOUSANDS_PER_CLINIC
    return f"{region}-{int(random.random() * clinics) + 1:03d}"
