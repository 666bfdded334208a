"""The HTML parse mode against tdlib's behaviour."""

import pytest

from bot.emulator.errors import ApiError
from bot.emulator.html_entities import parse_html


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("B", "bold"),
    ],
)
def test_tag_becomes_entity(tag: str, kind: str) -> None:
    assert parse_html(f"a<{tag}>ә</{tag}>b") == (
        "aәb",
        [{"offset": 1, "length": 1, "type": kind}],
    )


@pytest.mark.parametrize(
    ("source", "text", "entity"),
    [
        (
            '😀<a href="https://e.kz/?a=1&amp;b=2">x</a>',
            "😀x",
            {"type": "text_link", "url": "https://e.kz/?a=1&b=2", "offset": 2, "length": 1},
        ),
        (
            "<a href='tg://user?id=5'>x</a>",
            "x",
            {"type": "text_link", "url": "tg://user?id=5", "offset": 0, "length": 1},
        ),
        (
            '<pre><code class="language-python">x</code></pre>',
            "x",
            {"type": "pre", "language": "python", "offset": 0, "length": 1},
        ),
        (
            "<blockquote expandable>x</blockquote>",
            "x",
            {"type": "expandable_blockquote", "offset": 0, "length": 1},
        ),
        (
            '<span class="tg-spoiler">x</span>',
            "x",
            {"type": "spoiler", "offset": 0, "length": 1},
        ),
        (
            '<tg-emoji emoji-id="5368">👍</tg-emoji>',
            "👍",
            {"type": "custom_emoji", "custom_emoji_id": "5368", "offset": 0, "length": 2},
        ),
    ],
)
def test_attributes_are_read(source: str, text: str, entity: dict[str, object]) -> None:
    assert parse_html(source) == (text, [entity])


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#8376;&#x20B8;", "₸₸"),
        ("&nbsp; & &copy; &#0;", "&nbsp; & &copy; &#0;"),
        ("&amp;lt;", "&lt;"),
        ("<b></b>x", "x"),
        ("<a>plain words</a>", "plain words"),
    ],
)
def test_references_are_decoded_and_empty_entities_dropped(source: str, text: str) -> None:
    assert parse_html(source) == (text, [])


def test_nested_entities_come_outermost_first() -> None:
    _, entities = parse_html("<b>a<i>b</i></b><u>c</u>")

    assert [entity["type"] for entity in entities] == ["bold", "italic", "underline"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<q>x</q>", 'Unsupported start tag "q" at byte offset 0'),
        ("ә < b", 'Unsupported start tag "" at byte offset 3'),
        ("</b>", "Unexpected end tag at byte offset 0"),
        (
            "<b>x</i>",
            'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        (
            '<span class="y">x</span>',
            'Tag "span" must have class "tg-spoiler" at byte offset 0',
        ),
        ("<b ='1'>x</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
    ],
)
def test_broken_markup_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(source)

    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"
