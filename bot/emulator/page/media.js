// Photos, files, contacts and the lines that Telegram itself puts into a chat.

import { api } from "./api.js";
import { el, fullName, icon } from "./dom.js";

function size(bytes) {
  if (!bytes) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function photoNode(message, column) {
  const sizes = [...message.photo].sort((a, b) => a.width - b.width);
  const best = sizes.find((photo) => photo.width >= 800) ?? sizes.at(-1);
  const image = el("img", {
    src: api.fileUrl(best.file_id),
    width: best.width,
    height: best.height,
    alt: message.caption ? `${column.say("photo")}: ${message.caption.slice(0, 80)}` : column.say("photo"),
  });
  return el("a", { class: "photo", href: api.fileUrl(sizes.at(-1).file_id), target: "_blank", rel: "noopener" }, image);
}

function fileNode(file, name, column) {
  return el(
    "a",
    {
      class: "file",
      href: api.fileUrl(file.file_id),
      download: name,
      "aria-label": column.say("download", { name }),
    },
    el("span", { class: "file-sign" }, icon("file")),
    el("span", { class: "file-words" }, el("b", {}, name), el("small", {}, size(file.file_size))),
  );
}

function contactNode(contact) {
  const phone = contact.phone_number.replace(/^\+?/, "+");
  return el(
    "div",
    { class: "file" },
    el("span", { class: "file-sign" }, icon("person")),
    el("span", { class: "file-words" }, el("b", {}, fullName(contact)), el("a", { href: `tel:${phone}` }, phone)),
  );
}

export function mediaNode(message, column) {
  const { photo, video, animation, document: file, audio, voice, video_note: note, sticker, contact } = message;
  if (photo?.length) return photoNode(message, column);
  const film = video ?? animation ?? note;
  if (film) {
    return el("video", {
      class: "video",
      src: api.fileUrl(film.file_id),
      width: film.width || film.length || null,
      height: film.height || film.length || null,
      controls: true,
      preload: "metadata",
      "aria-label": column.say("video"),
    });
  }
  if (audio ?? voice) return el("audio", { src: api.fileUrl((audio ?? voice).file_id), controls: true, preload: "none" });
  if (file) return fileNode(file, file.file_name || column.say("file"), column);
  if (contact) return contactNode(contact);
  if (sticker) return el("span", { class: "sticker" }, sticker.emoji ?? "🖼️");
  const spot = message.venue?.location ?? message.location;
  if (spot) return el("span", {}, `📍 ${message.venue?.title ?? ""} ${spot.latitude}, ${spot.longitude}`);
  if (message.dice) return el("span", { class: "sticker" }, `${message.dice.emoji} ${message.dice.value}`);
  return null;
}

// A few words about a message: in reply quotes, in the composer.
export function summary(message, column) {
  const text = message.text ?? message.caption;
  if (text) return text.replace(/\s+/g, " ").slice(0, 120);
  if (message.photo) return column.say("photo");
  if (message.video || message.animation) return column.say("video");
  if (message.contact) return column.say("contact");
  return message.document?.file_name ?? serviceText(message, column) ?? column.say("file");
}

// The words of a service message, or null for an ordinary one.
export function serviceText(message, column) {
  const say = column.say;
  if (message.new_chat_members) return say("joined", { name: message.new_chat_members.map(fullName).join(", ") });
  if (message.left_chat_member) return say("left", { name: fullName(message.left_chat_member) });
  if (message.forum_topic_created) return say("topicCreated", { name: message.forum_topic_created.name });
  if (message.forum_topic_edited?.name) return say("topicEdited", { name: message.forum_topic_edited.name });
  if (message.forum_topic_closed) return say("topicClosed");
  if (message.forum_topic_reopened) return say("topicReopened");
  if (message.new_chat_title) return say("titled", { name: message.new_chat_title });
  if (message.group_chat_created || message.supergroup_chat_created || message.channel_chat_created) return say("created");
  if (message.users_shared) {
    const names = message.users_shared.users.map(({ user_id: id }) => fullName(column.store.people.get(id) ?? { first_name: String(id) }));
    return say("chosen", { name: names.join(", ") });
  }
  if (message.pinned_message) return say("pinned", { name: summary(message.pinned_message, column) });
  return null;
}
