"use strict";
// Runs the office's page as a browser would: its own HTML, its own script, real requests to a real server. Only the elements are made here, as
// far as the page uses them. Arguments: the server's address, then what a person does, each as JSON; what can be seen is printed after each.

const vm = require("node:vm");

class Node {
  constructor() { this.childNodes = []; this.parent = null; }
  get textContent() { return this.childNodes.map((one) => one.textContent).join(""); }
  set textContent(text) { this.childNodes = text === "" ? [] : [new Text(text)]; }
  append(...nodes) { for (const one of nodes) { const made = one instanceof Node ? one : new Text(String(one)); made.parent = this; this.childNodes.push(made); } }
  replaceChildren(...nodes) { this.childNodes = []; this.append(...nodes); }
  get children() { return this.childNodes.filter((one) => one instanceof Element); }
  all(name) { return this.children.flatMap((one) => (one.localName === name ? [one] : []).concat(one.all(name))); }
}
class Text extends Node {
  constructor(text) { super(); this.text = text; }
  get textContent() { return this.text; }
}
class Element extends Node {
  constructor(name) { super(); this.localName = name; this.attributes = {}; this.listeners = {}; this.value = ""; this.hidden = false; }
  setAttribute(name, value) { this.attributes[name] = value; if (name === "hidden") this.hidden = true; if (name === "lang") this.lang = value; }
  addEventListener(name, listener) { (this.listeners[name] ||= []).push(listener); }
  fire(name) { for (const one of this.listeners[name] || []) one({ preventDefault() {} }); }
  get tHead() { return this.children.find((one) => one.localName === "thead"); }
  get tBodies() { return this.children.filter((one) => one.localName === "tbody"); }
}
const VOID = new Set(["meta", "link", "input", "!doctype"]);

function parse(html) {
  const root = new Element("#document"), raw = /<script[^>]*>([\s\S]*?)<\/script>/;
  let at = root, rest = html;
  const plain = (text) => text.replace(/&quot;/g, '"').replace(/&#x27;/g, "'").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  while (rest) {
    const tag = rest.match(/<(\/?)([!a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?|\s+html)*)\s*>/i);
    if (!tag) { break; }
    const before = rest.slice(0, tag.index);
    if (before.trim()) at.append(new Text(plain(before)));
    rest = rest.slice(tag.index + tag[0].length);
    const name = tag[2].toLowerCase();
    if (tag[1]) { at = at.parent; continue; }
    const made = new Element(name);
    for (const [, key, value] of tag[3].matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)) made.setAttribute(key, plain(value ?? ""));
    at.append(made);
    if (name === "script") { const body = raw.exec(tag[0] + rest); made.append(new Text(body[1])); rest = rest.slice(body[1].length + "</script>".length); }
    else if (!VOID.has(name)) at = made;
  }
  return root;
}

const flat = (element) => (element ? [element, ...element.children.flatMap(flat)] : []);
let underWay = 0;

async function main() {
  const [address, ...steps] = process.argv.slice(2);
  const open = async (path) => (await fetch(address + path, { headers: { "accept-language": "zh-TW" } })).text();
  const root = parse(await open("/office")), elements = flat(root);
  const kept = new Map(), byId = new Map(elements.filter((one) => one.attributes.id).map((one) => [one.attributes.id, one]));
  for (const one of byId.values()) if (one.localName === "select") one.value = one.all("option")[0].attributes.value;
  const page = {
    Node, JSON, Intl, Date, Map, Math, Number, String, Promise, Error, console,
    document: {
      documentElement: elements.find((one) => one.localName === "html"),
      getElementById: (id) => { if (!byId.has(id)) throw new Error("no element " + id); return byId.get(id); },
      createElement: (name) => new Element(name), createTextNode: (text) => new Text(text),
    },
    sessionStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) },
    confirm: (question) => { asked.push(question); return true; },
    fetch: async (path, options) => { underWay += 1; try { return await fetch(address + path, options); } finally { underWay -= 1; } },
  };
  const asked = [];
  vm.runInNewContext(await open("/office/office.js"), page, { filename: "office.js" });
  for (const step of steps.map((one) => JSON.parse(one))) {
    for (const [id, value] of Object.entries(step.fill || {})) byId.get(id).value = value;
    if (step.submit) byId.get(step.submit).fire("submit");
    if (step.click) byId.get(step.click).fire("click");
    if (step.press) {
      const [place, row, label] = step.press, buttons = byId.get(place).all("tbody")[0].children[row].all("button");
      if (step.note) byId.get(place).all("tbody")[0].children[row].all("input")[0].value = step.note;
      buttons.find((one) => one.textContent === label).fire("click");
    }
    for (let quiet = 0; quiet < 5; quiet = underWay ? 0 : quiet + 1) await new Promise((resume) => setTimeout(resume, 10));
    const rows = (id) => byId.get(id).all("tr").map((row) => row.children.map((cell) => cell.textContent));
    console.log(JSON.stringify({
      message: byId.get("message").textContent, isSignedIn: !byId.get("desk").hidden, tills: rows("tills"), days: rows("days"),
      exceptions: rows("exceptions"), nothing: byId.get("exceptions").all("p").map((one) => one.textContent), code: byId.get("code").textContent, asked,
    }));
  }
}

main().catch((error) => { console.error(error); process.exit(1); });
