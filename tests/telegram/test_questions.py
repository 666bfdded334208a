"""Questions in plain words find guides and services; links open them without a question."""

import pytest

from bot.config import SHARE
from bot.content.services import load_services
from bot.domain.locales import Locale
from tests.telegram.client import labels
from tests.telegram.conftest import Newcomer
from tests.telegram.test_guides import source
from tests.telegram.texts import LANGUAGES, OWN_NAMES, has_status, say

SERVICES = load_services(SHARE / "data" / "services.yaml")


@pytest.mark.parametrize(
    ("language", "text", "slug"),
    [
        pytest.param(
            "ru", "работадатель не платит взносы за меня", "employer-did-not-pay", id="ru"
        ),
        pytest.param("kk", "емханага калай тиркелемин", "attach-clinic", id="kk without letters"),
        pytest.param("ky", "жумушсуз катары кантип катталам", "register-unemployed", id="ky"),
    ],
)
async def test_question_finds_its_guide(
    newcomer: Newcomer, language: str, text: str, slug: str
) -> None:
    person = await newcomer(language)

    found = await person.send(text)
    title, heading, _markdown = source(language, slug)
    guide = await person.press(found, title)

    assert found["text"].startswith(say(language, "This may help"))
    assert guide["text"].startswith(heading.split("{")[0])


@pytest.mark.parametrize(
    ("language", "text", "key"),
    [
        pytest.param("ru", "MRI", "mri", id="mri"),
        pytest.param("ru", "диабет", "diabetes", id="diabetes"),
        pytest.param("kk", "жедел жәрдем", "ambulance", id="ambulance"),
    ],
)
async def test_word_finds_its_service(
    newcomer: Newcomer, language: str, text: str, key: str
) -> None:
    person = await newcomer(language)
    name = next(s.name for s in SERVICES.by_key.values() if s.key == key)

    found = await person.send(text)
    shown = await person.press(found, name[Locale(language)])

    assert labels(found)[0] == name[Locale(language)]
    assert shown["text"].startswith(name[Locale(language)])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_question_without_a_good_match_leads_to_the_topics_and_1414(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)

    answer = await person.send("zzz qqq xxx")

    assert answer["text"].startswith(say(language, "I have found nothing that fits"))
    assert "1414" in answer["text"]
    assert say(language, "All topics") in labels(answer)


async def test_what_was_found_changes_its_language(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    found = await person.send("работодатель не платит взносы")

    kyrgyz = await person.press(found, OWN_NAMES["ky"])

    assert labels(kyrgyz)[0] == source("ky", "employer-did-not-pay")[0]


async def test_stranger_reads_guides_without_consent(newcomer: Newcomer) -> None:
    person = await newcomer("ru", consent=False)

    found = await person.send("работодатель не платит взносы")
    guide = await person.press(found, source("ru", "employer-did-not-pay")[0])

    assert guide["text"].startswith(source("ru", "employer-did-not-pay")[1].split("{")[0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("consent", [True, False])
async def test_link_opens_its_guide_or_service(
    newcomer: Newcomer, language: str, consent: bool
) -> None:
    person = await newcomer(language, consent=consent)

    guide = await person.send("/start g_turned-18")
    service = await person.send("/start s_mri")

    assert guide["text"].startswith(source(language, "turned-18")[1].split("{")[0])
    assert service["text"].startswith(SERVICES.by_key["mri"].name[Locale(language)])


@pytest.mark.parametrize("payload", ["g_gone", "s_gone"])
async def test_link_to_a_guide_that_is_no_more_shows_the_topics(
    newcomer: Newcomer, payload: str
) -> None:
    person = await newcomer("ru")

    assert (await person.send(f"/start {payload}"))["text"].startswith(
        say("ru", "Guides: what to do, step by step")
    )


@pytest.mark.parametrize("payload", ["x_mri", "g_../../etc", "g_"])
async def test_link_to_nothing_shows_the_menu(newcomer: Newcomer, payload: str) -> None:
    person = await newcomer("ru")

    assert (await person.send(f"/start {payload}"))["text"].startswith(
        say("ru", "Send an IIN: 12 digits")
    )


async def test_link_with_a_number_gets_no_status(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    answer = await person.send("/start 950101500019")

    assert not has_status(answer)
    assert "0019" not in answer["text"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_services_are_reached_by_groups_too(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)
    groups = await person.press(
        await person.send("/start"), say(language, "What is free, what needs insurance")
    )
    listed: set[str] = set()

    for group in SERVICES.groups.values():
        page = await person.press(groups, group.title[Locale(language)])
        listed |= set(labels(page))
        while "›" in labels(page):
            page = await person.press(page, "›")
            listed |= set(labels(page))
        groups = await person.press(page, say(language, "All groups"))

    assert {service.name[Locale(language)] for service in SERVICES.by_key.values()} <= listed


async def test_guide_and_service_lead_back_to_what_was_found(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    found = await person.send("сдать анализ крови без страховки")

    for label in labels(found)[:3]:
        shown = await person.press(found, label)
        shown = await person.press(shown, OWN_NAMES["ky"])
        shown = await person.press(shown, OWN_NAMES["ru"])
        back = await person.press(shown, say("ru", "Back to what was found"))
        assert back["text"] == found["text"]
        assert labels(back) == labels(found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "ребенок задыхается"),
        ("ru", "хочу умереть"),
        ("kk", "жүрегім ауырып жатыр"),
        ("ky", "жүрөгүм ооруп жатат"),
    ],
)
async def test_danger_to_life_is_answered_with_the_number_to_call(
    newcomer: Newcomer, language: str, text: str
) -> None:
    person = await newcomer(language)

    answer = await person.send(text)

    alarm = "Danger to life? Call 103 or 112 now: free, without insurance too"
    assert answer["text"].startswith(say(language, alarm))
    assert labels(answer)[0] == SERVICES.by_key["ambulance"].name[Locale(language)]


@pytest.mark.parametrize("text", ["Рахмет!", "/help", "/menu", "салам", "Сәлем!"])
async def test_greeting_and_help_open_the_menu(newcomer: Newcomer, text: str) -> None:
    person = await newcomer("ky")

    assert (await person.send(text))["text"].startswith(say("ky", "Send an IIN: 12 digits"))


async def test_own_card_is_not_taken_for_a_question(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    await person.write("<b>Диабет</b>", via_bot=True, parse_mode="HTML")
    answer = await person.send("/menu")

    assert answer["text"].startswith(say("ru", "Send an IIN: 12 digits"))
