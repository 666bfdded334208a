// What the page knows: people, chats, messages, commands. Events change it, listeners redraw.

import { api } from "./api.js";

export class Store {
  constructor() {
    this.bot = null;
    this.people = new Map();
    this.chats = new Map();
    this.messages = new Map();
    this.samples = [];
    this.notice = "";
    this.commands = new Map();
    this.loading = new Map();
    this.deleted = new Set();
    this.listeners = new Map();
  }

  on(kind, listener) {
    this.listeners.set(kind, [...(this.listeners.get(kind) ?? []), listener]);
  }

  emit(kind, ...details) {
    for (const listener of this.listeners.get(kind) ?? []) listener(...details);
  }

  // Returns the number of the last event that the state includes.
  async load() {
    const state = await api.state();
    this.bot = state.bot;
    this.people = new Map(state.people.map((person) => [person.id, person]));
    this.chats = new Map((state.chats ?? []).filter((chat) => chat.type !== "private").map((chat) => [chat.id, chat]));
    this.samples = state.samples ?? [];
    this.notice = state.notice ?? "";
    this.commands.clear();
    for (const entry of state.commands ?? []) this.setCommands(entry);
    this.emit("state");
    return state.last_event ?? 0;
  }

  setCommands({ scope, language_code: code, commands }) {
    const { type = "default", chat_id: chat = "", user_id: user = "" } = scope ?? {};
    this.commands.set([type, chat, user, code ?? ""].join("/"), commands ?? []);
  }

  // The commands that Telegram would show this person in this chat: the narrowest scope that has any.
  commandsFor(person, chatId) {
    const scopes =
      chatId > 0
        ? [`chat/${chatId}/`, "all_private_chats//"]
        : [`chat_member/${chatId}/${person.id}`, `chat/${chatId}/`, "all_group_chats//"];
    for (const scope of [...scopes, "default//"]) {
      for (const code of [person.language_code ?? "", ""]) {
        const commands = this.commands.get(`${scope}/${code}`);
        if (commands?.length) return commands;
      }
    }
    return [];
  }

  peer(chatId) {
    return this.people.get(chatId) ?? this.chats.get(chatId);
  }

  // The people in a group, operators first. A Chat that names no members is open to all.
  membersOf(chatId) {
    const people = [...this.people.values()];
    const listed = this.chats.get(chatId)?.members?.map((member) => member.id ?? member.user?.id ?? member);
    const members = listed ? people.filter((person) => listed.includes(person.id)) : people;
    return members.sort((a, b) => Number(Boolean(b.is_operator)) - Number(Boolean(a.is_operator)));
  }

  // Topics of a forum by message_thread_id, as its service messages name them.
  topics(chatId) {
    const names = new Map();
    for (const topic of this.chats.get(chatId)?.topics ?? []) names.set(topic.message_thread_id, topic.name);
    for (const message of this.messages.get(chatId)?.values() ?? []) {
      const thread = message.message_thread_id ?? message.message_id;
      const name = message.forum_topic_created?.name ?? message.forum_topic_edited?.name;
      if (name) names.set(thread, name);
      else if (message.is_topic_message && !names.has(thread)) names.set(thread, `#${thread}`);
    }
    return names;
  }

  // Asks the server for a chat's messages; what happens meanwhile comes on top.
  async loadMessages(chatId) {
    const meanwhile = [];
    this.loading.set(chatId, meanwhile);
    const list = await api.messages(chatId).finally(() => this.loading.delete(chatId));
    const messages = new Map(list.map((message) => [message.message_id, message]));
    for (const { kind, message, message_id: id } of meanwhile) {
      if (kind === "deleted") messages.delete(id);
      else if (message) messages.set(message.message_id, message);
    }
    this.messages.set(chatId, messages);
    this.emit("messages", chatId);
  }

  forget() {
    this.messages.clear();
    this.deleted.clear();
  }

  put(chatId, message, kind) {
    const known = this.messages.get(chatId) ?? new Map();
    const isNew = !known.has(message.message_id);
    // The answer to a send may come after the bot has already deleted the message.
    if ((kind === "edited" && isNew) || this.deleted.has(`${chatId}/${message.message_id}`)) return;
    known.set(message.message_id, message);
    this.messages.set(chatId, known);
    this.emit("message", chatId, message, isNew);
  }

  apply(event) {
    const chatId = event.chat_id ?? event.message?.chat?.id;
    this.loading.get(chatId)?.push(event);
    switch (event.kind) {
      case "message":
      case "edited":
        this.put(chatId, event.message, event.kind);
        break;
      case "deleted":
        this.messages.get(chatId)?.delete(event.message_id);
        this.deleted.add(`${chatId}/${event.message_id}`);
        this.emit("deleted", chatId, event.message_id);
        break;
      case "action":
        this.emit("action", chatId, event);
        break;
      case "person":
        this.people.set(event.person.id, event.person);
        this.emit("state");
        break;
      case "chat":
        if (event.chat.type !== "private") this.chats.set(event.chat.id, { ...this.chats.get(event.chat.id), ...event.chat });
        this.emit("state");
        break;
      case "commands":
        this.setCommands(event);
        this.emit("commands");
        break;
      default:
        this.emit(event.kind, event);
    }
  }
}
