"""A server that pretends to be the Bot API is not talked to."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiohttp import ClientConnectorCertificateError

from bot.telegram.session import JsonSession
from tests.telegram.conftest import TOKEN


@pytest.fixture
async def impostor(tmp_path: Path) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Give the address of a TLS server that signed its certificate itself, and what it reads."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost"
    subprocess.run(  # noqa: S603, ASYNC221 - before anything runs
        [
            *(openssl, *make.split(), "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
        timeout=30,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    read: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        read.append(await reader.read(1000))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}", read


async def test_server_with_an_unknown_certificate_is_not_talked_to(
    impostor: tuple[str, list[bytes]],
) -> None:
    url, read = impostor
    bot = Bot(TOKEN, session=JsonSession(api=TelegramAPIServer.from_base(url)))

    with pytest.raises(TelegramNetworkError) as refused:
        await bot.get_me()
    await bot.session.close()

    assert isinstance(refused.value.__cause__, ClientConnectorCertificateError)
    assert read == []
    assert TOKEN not in str(refused.value)
