"use strict";
// Opens the sealed data in this browser and nowhere else; asks no network, keeps nothing when the page is closed.
const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const [NUMBER, HOUSEHOLD, NAME, KANA, ALIAS, SEX, BORN, RELATION, ADDRESS, WITHHELD] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const MOST = 200, IDLE_MINUTES = 10;
let people = [], keys = [], hidden = {}, idle = 0;

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// As the register's own search: width, kana and spaces do not matter.
const folded = (text) => text.normalize("NFKC").toLowerCase()
  .replace(/[ぁ-ゖ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60))
  .replace(/[\s・〒‐‑–—−-]/g, "");

async function opened(part, passphrase) {
  const raw = new TextEncoder().encode(passphrase);
  const base = await crypto.subtle.importKey("raw", raw, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(part.salt), iterations: part.rounds };
  const key = await crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const about = new TextEncoder().encode(part.about);
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(part.nonce), additionalData: about }, key, bytes(part.data));
  const stream = new Blob([plain]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function say(text) { $("said").textContent = text; }

async function attempt(event, part, field, wrong, then) {
  event.preventDefault();
  if (!window.crypto || !crypto.subtle || !window.DecompressionStream) {
    say("このブラウザは古いため開けません。新しい Edge、Chrome、Firefox のどれかで開いてください。");
    return;
  }
  say("開いています。少しお待ちください。");
  try {
    const found = await opened(part, $(field).value);
    say("");
    then(found);
  } catch (error) {
    say(wrong);
    $(field).select();
    $(field).focus();
  }
}

function cell(row, text) {
  const made = row.insertCell();
  made.textContent = text;
  return made;
}

function show(found, caption) {
  const body = $("rows");
  body.replaceChildren();
  for (const one of found.slice(0, MOST)) {
    const row = body.insertRow();
    cell(row, one[ALIAS] ? `${one[NAME]}（${one[ALIAS]}）` : one[NAME]);
    for (const item of [KANA, BORN, SEX, RELATION]) cell(row, one[item]);
    const place = cell(row, one[WITHHELD] ? hidden[one[NUMBER]] || "" : one[ADDRESS]);
    if (one[WITHHELD]) {
      const mark = document.createElement("span");
      mark.className = "protected";
      mark.textContent = "支援措置";
      place.prepend(mark, " ");
    }
    const home = cell(row, "");
    if (one[HOUSEHOLD]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "household";
      button.textContent = one[HOUSEHOLD];
      button.setAttribute("aria-label", `世帯 ${one[HOUSEHOLD]} の全員`);
      button.addEventListener("click", () => show(people.filter((other) => other[HOUSEHOLD] === one[HOUSEHOLD]), `世帯 ${one[HOUSEHOLD]}`));
      home.append(button);
    }
  }
  $("caption").textContent = caption;
  const more = found.length > MOST ? `はじめの${MOST}人だけを表示しています。条件を足してください。` : "";
  $("count").textContent = `${found.length}人が見つかりました。${more}`;
}

function search() {
  const words = $("query").value.split(/[\s　]+/).map(folded).filter(Boolean);
  const found = words.length ? people.filter((one, at) => words.every((word) => keys[at].includes(word))) : people;
  show(found, words.length ? `検索: ${$("query").value}` : "住民全員");
}

function enter(found) {
  people = found;
  keys = people.map((one) => folded([one[NAME], one[KANA], one[ALIAS], one[ADDRESS], one[BORN], one[NUMBER], one[HOUSEHOLD]].join("\n")) );
  $("passphrase").value = "";
  $("gate").hidden = true;
  $("inside").hidden = false;
  $("second").hidden = !data.protected;
  search();
  $("query").focus();
  awake();
}

function lock() {
  people = []; keys = []; hidden = {};
  $("rows").replaceChildren();
  for (const id of ["query", "passphrase", "protected"]) $(id).value = "";
  $("count").textContent = "";
  $("inside").hidden = true;
  $("gate").hidden = false;
  $("passphrase").focus();
}

function awake() {
  clearTimeout(idle);
  if (people.length) idle = setTimeout(() => { lock(); say("しばらく使われなかったため、閉じました。"); }, IDLE_MINUTES * 60000);
}

$("town").textContent = data.facts.town;
$("facts").textContent = `${data.facts.at} の時点、${data.facts.count}人`;
$("old").hidden = Date.now() / 1000 < data.facts.old_after;
$("gate").addEventListener("submit", (event) => attempt(event, data.people, "passphrase", "合言葉が違うか、ファイルが壊れています。合言葉を確かめて、もう一度入れてください。", enter));
$("second").addEventListener("submit", (event) => attempt(event, data.protected, "protected", "支援措置の合言葉が違います。合言葉を持つ職員に確かめてください。", (found) => { hidden = found; $("protected").value = ""; $("second").hidden = true; search(); }));
$("search").addEventListener("submit", (event) => { event.preventDefault(); search(); });
$("close").addEventListener("click", () => { lock(); say("閉じました。"); });
$("print").addEventListener("click", () => window.print());
for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, awake);
