// Everything the page asks of the server: docs/emulator.md.

async function call(method, path, body) {
  const response = await fetch(`/client/${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: "no-store",
  });
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : {};
  } catch {
    // Not JSON: the status says enough.
  }
  if (!response.ok || answer === null) throw new Error(answer?.error ?? `HTTP ${response.status}`);
  return answer;
}

export const api = {
  state: () => call("GET", "state"),
  messages: (chatId) => call("GET", `chats/${chatId}/messages`),
  send: (chatId, body) => call("POST", `chats/${chatId}/messages`, body),
  edit: (chatId, messageId, body) => call("PATCH", `chats/${chatId}/messages/${messageId}`, body),
  press: (body) => call("POST", "press", body),
  block: (body) => call("POST", "block", body),
  inline: (body) => call("POST", "inline", body),
  fileUrl: (fileId) => `/client/files/${encodeURIComponent(fileId)}`,
};

// Server-Sent Events that come back by themselves. `reload` runs before every reconnection and returns the number
// after which events are still wanted.
export class EventStream {
  constructor({ onEvent, onStatus, reload }) {
    Object.assign(this, { onEvent, onStatus, reload, wait: 500, last: 0 });
  }

  open(after) {
    this.last = after;
    this.source = new EventSource(`/client/events?after=${after}`);
    this.source.onopen = () => {
      this.wait = 500;
      this.onStatus(true);
    };
    this.source.onmessage = (message) => {
      const event = JSON.parse(message.data);
      this.last = Number(event.id ?? message.lastEventId);
      this.onEvent(event);
    };
    this.source.onerror = () => {
      this.source.close();
      this.onStatus(false);
      this.retry();
    };
  }

  retry() {
    setTimeout(async () => {
      try {
        this.open(await this.reload(this.last));
      } catch {
        this.retry();
      }
    }, this.wait);
    this.wait = Math.min(this.wait * 2, 5000);
  }
}
