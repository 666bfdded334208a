// One message as DOM.

import { api } from "./api.js";
import { base64, button, copyText, el, fullName, hue, icon } from "./dom.js";
import { renderText } from "./entities.js";
import { inlineKeyboard } from "./keyboard.js";
import { mediaNode, serviceText, summary } from "./media.js";
import { openMenu, toast } from "./overlays.js";
import { clock } from "./words.js";

function originName(origin) {
  return origin.sender_user_name ?? fullName(origin.sender_user ?? origin.sender_chat ?? origin.chat);
}

function replyQuote(message, column) {
  const source = message.reply_to_message;
  // In a topic Telegram makes every first-level message an answer to the topic's creation.
  if (!source || source.forum_topic_created) return null;
  const text = message.quote?.text ?? summary(source, column);
  return button(
    { class: "reply-quote", on: { click: () => column.reveal(source.message_id) } },
    el("b", {}, fullName(source.from ?? source.sender_chat)),
    el("span", {}, text),
  );
}

function topicLabel(message, column) {
  if (!message.is_topic_message || column.topic !== "") return null;
  const topic = message.message_thread_id;
  const name = column.store.topics(column.chatId).get(topic);
  const label = column.say("openTopic", { name });
  const open = () => column.chooseTopic(topic);
  return name && button({ class: "topic-label", "aria-label": label, title: label, on: { click: open } }, name);
}

function meta(message, column, own) {
  const guarded = message.has_protected_content;
  return el(
    "span",
    { class: "meta" },
    guarded && el("span", { class: "guarded", role: "img", "aria-label": column.say("guarded"), title: column.say("guarded") }, icon("lock")),
    message.edit_date && el("span", { class: "edited" }, column.say("edited")),
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, clock(message.date)),
    own && icon("check"),
  );
}

function textNode(message, column) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  const entities = message.text === undefined ? message.caption_entities : message.entities;
  const words = el("span", { testid: "text" }, renderText(text, entities, column));
  return el("div", { class: "text", dir: "auto" }, words);
}

// The message once more, in the chat of `target`, as forwarded.
async function forwardTo(target, message) {
  const { text, caption, photo, document: file } = message;
  const origin = message.forward_origin;
  const from = origin?.sender_user ?? message.from;
  const body = { forward_from: from && !origin?.sender_user_name ? { id: from.id } : { name: originName(origin ?? {}) || "?" } };
  const bytes = async (id) => base64(await (await fetch(api.fileUrl(id))).blob());
  if (text) body.text = text;
  if (caption) body.caption = caption;
  if (photo) body.photo = await bytes(photo.at(-1).file_id);
  if (file) body.document = { name: file.file_name ?? "file", base64: await bytes(file.file_id) };
  return target.send(body);
}

// Chats into which this column's person may forward: the person's own with the bot, this one, the groups.
function forwardTargets(column) {
  const { app, store, viewerId } = column;
  const within = (chatId) =>
    chatId === column.chatId || chatId === viewerId || (chatId < 0 && store.membersOf(chatId).includes(column.viewer));
  return app.keys.filter(within).map((chatId) => ({
    peer: store.peer(chatId),
    send: (body) => (chatId === column.chatId ? column.send(body) : api.send(chatId, { from_id: viewerId, ...body })),
  }));
}

export function messageMenu(anchor, message, column) {
  const own = message.from?.id === column.viewerId;
  const text = message.text ?? message.caption;
  const items = [{ label: column.say("reply"), act: () => column.composer.replyTo(message) }];
  if (own && message.text && !message.forward_origin) {
    items.push({ label: column.say("edit"), act: () => column.composer.editMessage(message) });
  }
  if (text && !message.has_protected_content) {
    const done = () => toast(column, column.say("copied"));
    const failed = () => toast(column, column.say("copyFailed"));
    items.push({ label: column.say("copy"), act: () => copyText(text).then(done, failed) });
  }
  if (!message.has_protected_content && (text || message.photo || message.document)) {
    for (const target of forwardTargets(column)) {
      const label = column.say("forward", { name: fullName(target.peer) });
      items.push({ label, act: () => forwardTo(target, message).catch((error) => toast(column, error.message)) });
    }
  }
  openMenu(anchor, items, column.say("menu"));
}

function bubble(message, column, own) {
  const author = message.sender_chat ?? message.from;
  const via = message.via_bot && column.say("viaBot", { name: `@${message.via_bot.username ?? fullName(message.via_bot)}` });
  const text = textNode(message, column);
  const media = mediaNode(message, column);
  const body = message.show_caption_above_media ? [text, media] : [media, text];
  if (!text && !media) body.push(el("div", { class: "text unsupported" }, column.say("unsupported")));
  const more = button({
    class: "message-menu",
    tabindex: "-1",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "aria-label": column.say("menu"),
    testid: "message-menu",
  }, icon("more"));
  more.addEventListener("click", () => messageMenu(more, message, column));
  const node = el("div", { class: media ? "bubble with-media" : "bubble" });
  if (column.isGroup && !own) {
    const name = el("span", { class: "author" }, fullName(author));
    name.style.setProperty("--hue", hue(author?.id ?? 0));
    node.append(name);
  }
  const head = [
    topicLabel(message, column),
    message.forward_origin &&
      el("div", { class: "forwarded" }, icon("forward"), column.say("forwardedFrom", { name: originName(message.forward_origin) })),
    via && el("div", { class: "forwarded" }, via),
    replyQuote(message, column),
  ];
  node.append(...[...head, ...body].filter(Boolean), more);
  const place = text && !message.show_caption_above_media ? text : node;
  place.append(meta(message, column, own));
  return node;
}

export function renderMessage(message, column) {
  const own = message.from?.id === column.viewerId;
  const service = serviceText(message, column);
  const keyboard = inlineKeyboard(message, column);
  const kind = service ? "service" : own ? "own" : "theirs";
  return el(
    "div",
    {
      class: `message ${kind}${keyboard ? " with-keyboard" : ""}`,
      testid: "message",
      tabindex: "-1",
      data: { messageId: String(message.message_id), from: String(message.from?.id ?? "") },
    },
    el("div", { class: "day", hidden: true }),
    service ? el("p", { class: "service-line", dir: "auto" }, service) : bubble(message, column, own),
    keyboard,
  );
}
