"""How the bot gets its updates: by long polling or by a webhook, never both."""

import re
from typing import Any

from aiogram.methods import (
    Close,
    DeleteWebhook,
    GetUpdates,
    GetWebhookInfo,
    LogOut,
    SetWebhook,
    TelegramMethod,
)

from bot.emulator.call import Call
from bot.emulator.errors import ApiError, bad_request
from bot.emulator.shapes import JSON
from bot.emulator.updates import MAX_BATCH, MAX_WAIT_S
from bot.emulator.webhook import Execute, Target, Webhook

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_WEBHOOK_IS_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class Receiving:
    """The webhook, if one is set, and the methods around it."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute
        self._webhook: Webhook | None = None

    def handlers(self) -> dict[str, Any]:
        """Return the methods by their name in lower case."""
        handlers: dict[type[TelegramMethod[Any]], Any] = {
            GetUpdates: self.get_updates,
            SetWebhook: self.set_webhook,
            DeleteWebhook: self.delete_webhook,
            GetWebhookInfo: self.get_webhook_info,
            Close: self.close,
            LogOut: self.close,
        }
        return {model.__api_method__.lower(): handler for model, handler in handlers.items()}

    async def get_updates(self, call: Call, method: GetUpdates) -> list[JSON]:
        """Wait for updates and return them."""
        if self._webhook:
            raise ApiError(409, _WEBHOOK_IS_ACTIVE)
        updates = call.world.updates
        updates.allow(method.allowed_updates)
        limit = min(max(method.limit or MAX_BATCH, 1), MAX_BATCH)
        timeout_s = min(max(method.timeout or 0, 0), MAX_WAIT_S)
        return await updates.poll(method.offset or 0, limit, timeout_s)

    async def set_webhook(self, call: Call, method: SetWebhook) -> bool:
        """Send updates to an address from now on; an empty address means none."""
        if not method.url:
            return await self._remove(call, drop=bool(method.drop_pending_updates))
        if not re.match(r"https?://[^\s/]+", method.url):
            raise bad_request("bad webhook: invalid webhook URL specified")
        if method.secret_token and not _SECRET.fullmatch(method.secret_token):
            raise bad_request("secret token contains unallowed characters")
        target = Target(
            method.url,
            method.secret_token,
            min(max(method.max_connections or 40, 1), 100),
            method.ip_address,
        )
        await self._remove(call, drop=bool(method.drop_pending_updates))
        world = call.world
        world.updates.allow(method.allowed_updates)
        world.updates.stop()
        self._webhook = Webhook(
            target,
            world.updates,
            self._execute,
            world.settings.clock,
            world.settings.webhook_retry_s,
        )
        self._webhook.start()
        return True

    async def delete_webhook(self, call: Call, method: DeleteWebhook) -> bool:
        """Stop sending updates; they wait for getUpdates again."""
        return await self._remove(call, drop=bool(method.drop_pending_updates))

    def get_webhook_info(self, call: Call, _method: GetWebhookInfo) -> JSON:
        """Describe the webhook and what waits."""
        updates = call.world.updates
        info: JSON = {
            "url": self._webhook.target.url if self._webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(updates.pending()),
        }
        if self._webhook:
            info |= self._webhook.last_error
            info["max_connections"] = self._webhook.target.max_connections
            if self._webhook.target.ip_address:
                info["ip_address"] = self._webhook.target.ip_address
        if updates.allowed:
            info["allowed_updates"] = updates.allowed
        return info

    def close(self, _call: Call, _method: Close | LogOut) -> bool:
        """Agree to a move to another server: there is none."""
        return True

    async def stop(self) -> None:
        """End the deliveries."""
        if self._webhook:
            webhook, self._webhook = self._webhook, None
            await webhook.stop()

    async def _remove(self, call: Call, *, drop: bool) -> bool:
        await self.stop()
        if drop:
            call.world.updates.clear()
        return True
