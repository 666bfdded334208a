"""Texts that have broken programs before, mixed with any others."""

from hypothesis import strategies as st

_DIGITS = "0123456789"
_SPOILERS = (
    *("<b>", "</b>", "<a href=tg://user?id=1>", "&amp;", "&#0;", '"', "{0.__class__}", "%s", "%n"),
    *("\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x1b[2J", "\r\n", "٩", "９", "İ", "😀", "é"),
    *("950101500019", "+77000000001", "1,0E+11", "мой ИИН", "'; DROP TABLE answers;--", "../.."),
)

texts = st.one_of(
    st.text(max_size=200),
    st.text(f"{_DIGITS} -+()\u00a0\u200b\u2013", max_size=100),
    st.lists(st.one_of(st.sampled_from(_SPOILERS), st.text(_DIGITS, max_size=13)), max_size=12).map(
        "".join
    ),
)
# Telegram's longest message, of one piece again and again: what makes slow patterns slow.
long_texts = st.one_of(st.sampled_from(_SPOILERS), st.text(min_size=1, max_size=6)).map(
    lambda piece: (piece * 4096)[:4096]
)
