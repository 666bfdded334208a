"""Corrections reach exactly those who were told something wrong; follow-ups those in doubt."""

from bot.domain.locales import Locale
from tests.telegram.client import Client, Message, labels, until
from tests.telegram.drafts.author import Author, begin, bring, heard
from tests.telegram.office import Office
from tests.telegram.texts import say

CORRECTED = "Мы ошиблись в ответе"


async def answered(office: Office, generation: str) -> tuple[Client, Message]:
    """Bring somebody whose answer was made of a register of this name."""
    person = await office.newcomer("ru")
    answer = await person.send("950101500019")
    query = "SELECT id FROM answers WHERE message_id = ? AND subscriber_id = ?"

    async def is_kept() -> bool:
        return bool(office.fetch(query, answer["message_id"], person.id))

    await until(is_kept)
    await office.execute(
        "UPDATE answers SET generation = ? WHERE subscriber_id = ?", generation, person.id
    )
    return person, answer


async def test_correction_is_a_reply_to_the_answer_of_exactly_those_concerned(
    office: Office,
) -> None:
    concerned = [await answered(office, "wrong-register") for _ in range(2)]
    others = [await answered(office, "right-register"), await answered(office, "right-register")]
    client = await bring(office, "author", "sender")

    listed = await client.send("/correct")
    people = say("ru", "{amount} person", 2, amount=2)
    [label] = [each for each in labels(listed) if "wrong-register" in each]
    [[data]] = [
        [button["callback_data"] for button in row]
        for row in listed["reply_markup"]["inline_keyboard"]
        if row[0]["text"] == label
    ]
    await client.press_data(listed, data)
    author = Author(office, client, await client.next_message())
    opened = author.card["text"]
    await author.write(Locale.RU, CORRECTED)
    await author.check()
    await author.send()
    arrived = [await heard(person, CORRECTED) for person, _ in concerned]
    await author.reach("done")

    assert label == f"{say('ru', 'register {name}', name='wrong-register')}: {people}"
    assert say("ru", "For whom: {count}", count=f"{people} (Русский 2)") in opened
    assert [each["reply_to_message"]["message_id"] for each in arrived] == [
        answer["message_id"] for _, answer in concerned
    ]
    for person, _ in others:
        assert CORRECTED not in str(await person.messages())


async def test_rules_are_listed_beside_registers(office: Office) -> None:
    await answered(office, "some-register")
    client = await bring(office, "author")
    [version] = {row[0] for row in office.fetch("SELECT DISTINCT rules_version FROM answers")}

    listed = await client.send("/correct")
    stale = await client.press_for_alert(listed, "bd_fix:" + "0" * 16)

    assert say("ru", "rules {name}", name=version) in listed["text"]
    assert say("ru", "register {name}", name="some-register") in listed["text"]
    assert stale == say("ru", "This button is out of date. Send the IIN again.")


async def test_follow_up_is_for_those_whom_nobody_knows_to_have_been_reached(
    office: Office,
) -> None:
    author = await begin(office)
    await author.write(Locale.RU, "Первое письмо")
    await author.choose_only_me()
    await author.check()
    await author.send()
    await heard(author.client, "Первое письмо")
    first = author.number
    report = say("ru", "Broadcast {number}: {words}", number=first, words="Первое письмо")
    assert "photo" in await heard(author.client, report)
    await office.execute("UPDATE deliveries SET state = 'uncertain' WHERE broadcast_id = ?", first)

    listed = await author.client.send("/broadcast")
    await author.client.press_data(listed, f"bd_from:{first}:1")
    author.card = await author.client.next_message()
    opened = author.card["text"]
    await author.check()
    await author.send()
    again = await heard(author.client, "Первое письмо")
    await office.execute("DELETE FROM deliveries WHERE broadcast_id = ?", first)

    assert say("ru", "Those whom broadcast {number} may not have reached", number=first) in opened
    assert "Первое письмо" in opened
    assert again["text"] == "Первое письмо"
