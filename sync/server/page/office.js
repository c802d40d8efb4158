"use strict";
// The office's page: asks the server's own endpoints with the token of whoever signed in, and shows what they answer. Nothing is kept but the
// token, and that only until the tab is closed.

const words = JSON.parse(document.getElementById("words").textContent);
const DAY_MS = 24 * 60 * 60 * 1000;
const language = document.documentElement.lang;
let token = sessionStorage.getItem("office-token") || "";
let tills = new Map();

const element = (id) => document.getElementById(id);

function node(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function say(sentence) {
  element("message").textContent = sentence;
}

async function ask(method, path, body) {
  const request = { method, headers: { authorization: "Bearer " + token } };
  if (body !== undefined) {
    request.headers["content-type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch("/office/v1/" + path, request);
  } catch (_) {
    throw new Error(words.page_no_contact);
  }
  if (answer.status === 401) throw new Error(words.page_wrong_token);
  if (answer.status === 403) throw new Error(words.page_not_allowed);
  if (answer.status === 400) throw new Error(words.page_not_understood);
  if (answer.status === 409) throw new Error(words.page_done_already);
  if (!answer.ok) throw new Error(words.page_no_contact);
  return answer.json();
}

function table(place, columns, rows, whenEmpty) {
  const target = element(place);
  target.replaceChildren();
  if (rows.length === 0) {
    target.append(node("p", whenEmpty, "quiet"));
    return;
  }
  const made = node("table"), head = node("tr");
  for (const [title, className] of columns) {
    const cell = node("th", title, className);
    cell.scope = "col";
    head.append(cell);
  }
  made.append(node("thead"), node("tbody"));
  made.tHead.append(head);
  for (const cells of rows) {
    const row = node("tr");
    cells.forEach((content, index) => {
      const cell = node("td", undefined, columns[index][1]);
      cell.append(content instanceof Node ? content : document.createTextNode(String(content)));
      row.append(cell);
    });
    made.tBodies[0].append(row);
  }
  target.append(made);
}

function instant(milliseconds) {
  if (milliseconds === null) return words.page_never;
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(milliseconds));
}

function day(number) {
  const text = String(number);
  return text.slice(0, 4) + "-" + text.slice(4, 6) + "-" + text.slice(6);
}

function count(number) {
  return new Intl.NumberFormat(language).format(number);
}

function money(minor, currency) {
  const form = new Intl.NumberFormat(language, { style: "currency", currency });
  // The new Taiwan dollar is counted without cents here.
  const digits = currency === "TWD" ? 0 : form.resolvedOptions().maximumFractionDigits;
  return new Intl.NumberFormat(language, {
    style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits,
  }).format(minor / 10 ** digits);
}

function stateOf(till) {
  if (till.revoked_at !== null) return node("span", words.page_state_revoked, "alert");
  const isQuiet = till.last_contact_at === null || Date.now() - till.last_contact_at > DAY_MS;
  return node("span", isQuiet ? words.page_state_quiet : words.page_state_ok, isQuiet ? "alert" : "quiet");
}

function nameOf(till) {
  const code = till.kind === "hub" ? words.page_hub : till.till_code;
  return till.name ? code + " " + till.name : code;
}

function revoking(till) {
  if (till.revoked_at !== null) return "";
  const button = node("button", words.page_revoke);
  button.type = "button";
  button.addEventListener("click", async () => {
    if (!confirm(words.page_revoke_sure.replace("{till}", till.store_code + " " + nameOf(till)))) return;
    await attempt(async () => {
      await ask("POST", "tills/" + till.id + "/revoke", {});
      await showTills();
    });
  });
  return button;
}

async function showTills() {
  const found = await ask("GET", "tills");
  tills = new Map(found.map((till) => [till.id, till]));
  table("tills",
    [[words.page_store], [words.page_till], [words.page_last_contact], [words.page_facts, "number"], [words.page_state], [""]],
    found.map((till) => [
      till.store_code, nameOf(till), instant(till.last_contact_at), count(till.facts_received), stateOf(till), revoking(till),
    ]),
    words.page_nothing);
}

async function makeCode() {
  await attempt(async () => {
    const code = await ask("POST", "pairing-codes", {
      store_code: element("code-store").value.trim(), kind: element("code-kind").value,
    });
    const until = new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(code.expires_at));
    element("code").textContent = words.page_code_made.replace("{code}", code.code).replace("{until}", until);
  });
}

async function showDays() {
  const days = await ask("GET", "days");
  table("days",
    [[words.page_day], [words.page_store], [words.page_sales, "number"], [words.page_total, "number"],
      [words.page_member_share, "number"], [words.page_members, "number"], [words.page_new_members, "number"],
      [words.page_points, "number"]],
    days.map((one) => [
      day(one.day), one.store_code, count(one.sales), money(one.total_minor, one.currency),
      one.total_minor > 0 ? Math.round(100 * one.member_total_minor / one.total_minor) + " %" : "—",
      count(one.members), count(one.new_members), count(one.points_earned) + " / " + count(one.points_spent),
    ]),
    words.page_nothing);
}

function actions(finding) {
  const place = node("div", undefined, "actions"), note = node("input");
  note.placeholder = words.page_note;
  note.setAttribute("aria-label", words.page_note);
  note.maxLength = 500;
  const add = (label, action) => {
    const button = node("button", label);
    button.type = "button";
    button.addEventListener("click", () => settle(finding, action, note.value));
    place.append(button);
  };
  place.append(note);
  if (finding.kind === "quarantined" && finding.code === "device_revoked") add(words.page_accept, "accept");
  add(words.page_settle, "settle");
  return place;
}

async function attempt(work) {
  try {
    await work();
    say("");
  } catch (error) {
    say(error.message);
  }
}

async function settle(finding, action, note) {
  await attempt(async () => {
    await ask("POST", "exceptions/" + finding.id + "/" + action, { note });
    await showExceptions();
  });
}

function todo(finding) {
  return words["page_todo_" + finding.kind + "_" + finding.code] || words["page_todo_" + finding.kind] || "";
}

function whereOf(finding) {
  const till = tills.get(finding.till_id);
  return till ? till.store_code + " " + nameOf(till) : "—";
}

async function showExceptions() {
  const findings = await ask("GET", "exceptions");
  table("exceptions",
    [[words.page_found_at], [words.page_till], [words.page_what], [words.page_what_to_do], [""]],
    findings.map((one) => [
      instant(one.found_at), whereOf(one), words["page_kind_" + one.kind] || one.kind, todo(one), actions(one),
    ]),
    words.page_all_well);
}

async function show() {
  say(words.page_loading);
  try {
    await Promise.all([showTills(), showDays()]);
    await showExceptions();
  } catch (error) {
    signOut();
    say(error.message);
    return;
  }
  sessionStorage.setItem("office-token", token);
  element("sign-in").hidden = true;
  element("desk").hidden = element("sign-out").hidden = false;
  say("");
}

function signOut() {
  token = "";
  sessionStorage.removeItem("office-token");
  element("desk").hidden = element("sign-out").hidden = true;
  element("sign-in").hidden = false;
}

element("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  token = element("token").value.trim();
  element("token").value = "";
  show();
});
element("sign-out").addEventListener("click", signOut);
element("code-form").addEventListener("submit", (event) => {
  event.preventDefault();
  makeCode();
});
if (token) show();
