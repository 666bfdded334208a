"""The demo: the sample register, a local Bot API server with a chat page, and the real bot."""

import asyncio
from datetime import date, timedelta
from pathlib import Path
from random import Random
from secrets import token_hex

import aiohttp
from pydantic import SecretStr

from bot.app import serve
from bot.cli.console import out
from bot.config import SHARE, Settings
from bot.content.samples import Samples, load_samples
from bot.domain.audit import SYSTEM
from bot.domain.roles import Role
from bot.domain.stats import Kind
from bot.emulator import Emulator
from bot.registry.importing import import_csv
from bot.registry.keys import registry_key
from bot.services.audit import event_of
from bot.storage.counters import CounterRepository
from bot.storage.engine import open_engine
from bot.storage.operators import OperatorId, OperatorRepository
from bot.storage.schema import prepare

_SAMPLE = SHARE / "data" / "sample"
_PEOPLE = (
    {"first_name": "Айгүл", "language_code": "kk", "phone": "+77000000001"},
    {"first_name": "Анна", "language_code": "ru", "phone": "+77000000002"},
    {"first_name": "Бакыт", "language_code": "ky", "phone": "+77000000003"},
    {"first_name": "Оператор", "language_code": "ru", "is_operator": True},
)
# The emulator takes any token of the right form; this one opens nothing anywhere.
_TOKEN = "7000000000:demo-token-that-opens-nothing-anywhere"  # noqa: S105


# The most of a day in the figures that are made up, a round number each.
_FIGURES = {
    (Kind.ANSWERS, "insured"): 90,
    (Kind.ANSWERS, "conditional"): 40,
    (Kind.ANSWERS, "uninsured"): 120,
    (Kind.REASONS, "EMPLOYER_DEBT"): 50,
    (Kind.REASONS, "JOB_LOST"): 40,
    (Kind.REASONS, "NO_PAY_12M"): 30,
    (Kind.REGIONS, "71"): 60,
    (Kind.REGIONS, "75"): 80,
    (Kind.REGIONS, "79"): 50,
    (Kind.REGIONS, "61"): 60,
    (Kind.LANGUAGES, "kk"): 110,
    (Kind.LANGUAGES, "ru"): 90,
    (Kind.LANGUAGES, "ky"): 50,
    (Kind.NOT_FOUND, "all"): 30,
    (Kind.REFUSED, "wrong_number"): 40,
    (Kind.LAST_VIEWS, "answer"): 90,
    (Kind.LAST_VIEWS, "ways"): 70,
    (Kind.LAST_VIEWS, "guide"): 40,
    (Kind.SEARCHES, "kk.found"): 40,
    (Kind.SEARCHES, "ru.found"): 50,
    (Kind.SEARCHES, "ru.missed"): 30,
    (Kind.REPLIES, "sent"): 600,
    (Kind.NEWCOMERS, "kk"): 40,
    (Kind.NEWCOMERS, "ru"): 30,
    (Kind.LEAVERS, "ru"): 30,
}


async def run_demo(home: Path, port: int, settings: Settings) -> None:
    """Run until Ctrl-C; the day is the sample register's, unless TODAY says another."""
    samples = load_samples(_SAMPLE)
    today = settings.today or samples.as_of
    demo_settings = settings.model_copy(
        update={
            "home_dir": home,
            "database_url": None,
            "registry_pepper": SecretStr(token_hex(32)),
            "registry_pepper_file": None,
            "today": today,
            "webhook_url": None,
            "web_port": None,
            # Visitors go through the whole list of made-up people.
            "lookups_per_day": 10_000,
            "misses_per_hour": 10_000,
            "bot_token": SecretStr(_TOKEN),
        }
    )
    await asyncio.to_thread(
        import_csv,
        _SAMPLE / "register.csv",
        as_of=samples.as_of,
        home=home,
        key=registry_key(demo_settings),
    )
    async with Emulator(port, samples=_tappable(samples), notice=_notice(today)) as emulator:
        operators = await _let_people_in(emulator.url)
        group = await _open_group(emulator.url, operators)
        await _prepare_database(demo_settings, operators, today)
        out.print(f"Open [bold]{emulator.url}/[/bold] in a browser. Ctrl-C ends the demo.")
        here = {"bot_api_url": emulator.url, "operators": operators, "inbox_chat": group}
        await serve(demo_settings.model_copy(update=here))


def _tappable(samples: Samples) -> list[dict[str, object]]:
    return [{"iin": person.iin, "who": dict(person.who)} for person in samples.people]


def _notice(today: date) -> str:
    return f"Demo · {today:%d.%m.%Y}"


async def _let_people_in(url: str) -> tuple[int, ...]:
    """Bring the people of the chat page; give the ids of those who are operators."""
    async with aiohttp.ClientSession(url, raise_for_status=True) as session:
        people = []
        for person in _PEOPLE:
            async with session.post("/client/people", json=person) as response:
                people.append(await response.json())
    return tuple(person["id"] for person in people if person["is_operator"])


async def _open_group(url: str, operators: tuple[int, ...]) -> int:
    """Open the forum group in which operators answer residents; give its id."""
    about = {"type": "supergroup", "title": "Операторы", "is_forum": True, "members": operators}
    async with aiohttp.ClientSession(url, raise_for_status=True) as session:
        # The server knows the bot from its first call on.
        await session.get(f"/bot{_TOKEN}/getMe")
        async with session.post("/client/chats", json=about) as response:
            return int((await response.json())["id"])


async def _prepare_database(settings: Settings, operators: tuple[int, ...], today: date) -> None:
    engine = open_engine(settings.database)
    await prepare(engine)
    repository = OperatorRepository(engine, frozenset(map(OperatorId, operators)))
    await _give_every_role(repository, operators)
    await _make_figures_up(CounterRepository(engine), today)
    await engine.dispose()


async def _give_every_role(repository: OperatorRepository, operators: tuple[int, ...]) -> None:
    """Let the operators of the demo try everything: write and send broadcasts, answer people."""
    for operator in map(OperatorId, operators):
        for role in Role:
            event = event_of(SYSTEM, "role_granted", operator=operator, role=role.value)
            await repository.grant(operator, role, operator, event)


async def _make_figures_up(counters: CounterRepository, today: date) -> None:
    """Write the counts of thirty days: figures of nobody would be empty."""
    dice = Random(1)  # noqa: S311 - nothing depends on it
    for ago in range(30, 0, -1):
        for (kind, label), most in _FIGURES.items():
            for _ in range(dice.randint(most // 2, most)):
                counters.add(kind, label)
        counters.add(Kind.REGISTER, str(ago % 7))
        await counters.write(today - timedelta(days=ago))
