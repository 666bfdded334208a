// Telegram's message entities (UTF-16 offsets, nested) to DOM nodes. Nothing here parses markup.

import { button, el } from "./dom.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const FOLDED_LINES = 3;

// A t.me link to this very bot with a start parameter, as "/start parameter".
export function startCommand(url, bot) {
  if (!bot?.username || !url) return null;
  try {
    const link = new URL(/^[a-z]+:/i.test(url) ? url : `https://${url}`);
    const viaSite = /^(www\.)?(t|telegram)\.me$/i.test(link.hostname);
    if (!viaSite && !(link.protocol === "tg:" && /resolve/.test(link.href))) return null;
    const name = viaSite ? link.pathname.slice(1) : link.searchParams.get("domain");
    if (name?.toLowerCase() !== bot.username.toLowerCase() || !link.searchParams.has("start")) return null;
    return `/start ${link.searchParams.get("start")}`.trim();
  } catch {
    return null;
  }
}

// The address to put into a link, or null when it is not one a browser should open.
export function safeUrl(url) {
  try {
    const link = new URL(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`);
    return ["http:", "https:", "mailto:", "tel:"].includes(link.protocol) ? link.href : null;
  } catch {
    return null;
  }
}

function linkNode(url, column, children) {
  const start = startCommand(url, column.store.bot);
  const href = start ? "#" : safeUrl(url);
  if (!href) return el("span", { class: "mention", title: url }, children);
  const outside = !start && !/^(mailto|tel):/.test(href);
  return el(
    "a",
    {
      href,
      target: outside ? "_blank" : null,
      rel: "noopener noreferrer",
      on: start && {
        click: (event) => {
          event.preventDefault();
          column.app.openPrivate(column, start);
        },
      },
    },
    children,
  );
}

function spoilerNode(column, children) {
  const cover = el("span", { class: "spoiler-text", "aria-hidden": "true", inert: true }, children);
  const node = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": column.say("spoiler") }, cover);
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    node.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
    for (const name of ["aria-hidden", "inert"]) cover.removeAttribute(name);
    node.removeEventListener("click", reveal);
    node.removeEventListener("keydown", reveal);
  };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", reveal);
  return node;
}

function foldedQuote(column, children, text) {
  const quote = el("blockquote", { class: "folded" }, el("div", { class: "folded-text" }, children));
  if (text.split("\n").length <= FOLDED_LINES && text.length < 130) return el("blockquote", {}, children);
  const toggle = button({ class: "fold", "aria-expanded": "false" }, column.say("more"));
  toggle.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = column.say(open ? "less" : "more");
  });
  quote.append(toggle);
  return quote;
}

function entityNode(entity, text, children, column) {
  if (TAGS[entity.type]) return el(TAGS[entity.type], {}, children);
  switch (entity.type) {
    case "spoiler":
      return spoilerNode(column, children);
    case "pre":
      return el("pre", { "data-language": entity.language || null }, el("code", {}, children));
    case "blockquote":
      return el("blockquote", {}, children);
    case "expandable_blockquote":
      return foldedQuote(column, children, text);
    case "text_link":
      return linkNode(entity.url, column, children);
    case "url":
      return linkNode(text, column, children);
    case "email":
      return linkNode(`mailto:${text}`, column, children);
    case "phone_number":
      return linkNode(`tel:${text.replace(/[^+\d]/g, "")}`, column, children);
    case "bot_command":
      return button({ class: "command", on: { click: () => column.sendText(text) } }, children);
    case "date_time": {
      const at = new Date(entity.unix_time * 1000);
      return el("time", { datetime: Number.isNaN(at.getTime()) ? null : at.toISOString() }, children);
    }
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return el("span", { class: "mention" }, children);
    default:
      return el("span", {}, children);
  }
}

function render(text, start, end, entities, column) {
  const nodes = [];
  let at = start;
  let afterBlock = false;
  const plain = (until) => {
    // The line break after a block is the block's own end.
    if (afterBlock && text[at] === "\n" && at < until) at += 1;
    if (until > at) {
      nodes.push(document.createTextNode(text.slice(at, until)));
      afterBlock = false;
    }
    at = until;
  };
  const queue = [...entities];
  while (queue.length) {
    const entity = queue.shift();
    const from = Math.max(entity.from, at);
    const to = Math.min(entity.to, end);
    if (from >= to) continue;
    const inside = [];
    while (queue.length && queue[0].from < to) {
      const next = queue.shift();
      inside.push(next.to > to ? { ...next, to } : next);
      // One that sticks out goes on behind this one.
      if (next.to > to) {
        const rest = { ...next, from: to };
        const place = queue.findIndex((other) => other.from >= to);
        queue.splice(place < 0 ? queue.length : place, 0, rest);
      }
    }
    plain(from);
    nodes.push(entityNode(entity, text.slice(from, to), render(text, from, to, inside, column), column));
    afterBlock = BLOCKS.has(entity.type);
    at = to;
  }
  plain(end);
  return nodes;
}

export function renderText(text, entities, column) {
  const sorted = (entities ?? [])
    .map((entity) => ({ ...entity, from: entity.offset, to: Math.min(entity.offset + entity.length, text.length) }))
    .filter((entity) => entity.from >= 0 && entity.to > entity.from)
    .sort((a, b) => a.from - b.from || b.to - a.to);
  return render(text, 0, text.length, sorted, column);
}
