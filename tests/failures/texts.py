"""What people may hear while something fails."""

from tests.telegram.client import Client, until
from tests.telegram.texts import say

LATER = say("ru", "The service cannot answer right now. Please try again in a few minutes.")
UNINSURED = say("ru", "⛔ Not insured")
INSURED = say("ru", "✅ Insured")
NO_RECORD = say("ru", "❔ No record for this IIN")
MENU = say("ru", "Send an IIN: 12 digits")
WELCOME = say("ru", "Am I insured? Send an IIN and find out")
AGREE = say("ru", "I agree, start")
AGREE_FIRST = say("ru", "First read this and agree. Then send the number again.")
ERASED = say(
    "ru",
    "Erased. All that stays is a coded mark, so that no backup brings you back. Send /start to "
    "begin again.",
)
# A number of the sample register for each, and one that it does not have.
IIN_UNINSURED, IIN_INSURED, IIN_NOBODY = "950101500019", "991231500707", "991231500719"


async def heard(person: Client, text: str) -> int:
    """Count the messages of the chat that begin so."""
    return sum(shown.get("text", "").startswith(text) for shown in await person.messages())


async def wait_heard(person: Client, text: str, seconds: float = 40) -> None:
    async def is_heard() -> bool:
        return await heard(person, text) > 0

    await until(is_heard, seconds)
