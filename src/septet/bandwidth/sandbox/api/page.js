"use strict";

const SHOWN = 200;
const INTERVAL = 1000;
const KINDS = { DELIVERED: "good", RECEIVED: "good", FAILED: "bad" };
let last = 0; // the number of the latest log entry on the page

// Browsers refuse to fetch from an address with credentials; they send those of the page anyway.
const activity = new URL("activity", location.href);
activity.username = activity.password = "";

const find = (id) => document.getElementById(id);

// Messages come from outside, so everything is set as text and never as markup.
function node(name, text, kind = "") {
    const element = document.createElement(name);
    element.textContent = text;
    element.className = kind;
    return element;
}

function line(...parts) {
    const item = document.createElement("li");
    for (const part of parts) item.append(part, " ");
    return item;
}

const clock = (time) => node("time", time.slice(11, 19));

function messageLine(message) {
    const segments = `${message.segments} segment${message.segments === 1 ? "" : "s"}`;
    const item = line(
        clock(message.time),
        node("b", message.from),
        node("span", segments, "quiet"),
        node("span", message.id, "quiet"),
        node("span", message.tag, "quiet"),
    );
    const states = node("div", "", "states");
    for (const { to, state, code } of message.states) {
        const status = `→ ${to} ${state.toLowerCase()} ${code ?? ""}`;
        states.append(node("span", status, KINDS[state] ?? "waiting"), " ");
    }
    item.append(states);
    if (message.text) item.append(node("p", message.text));
    return item;
}

function requestLine(entry) {
    const answer = entry.status === null
        ? node("span", "connection broken", "bad")
        : node("span", entry.status, entry.status < 400 ? "good" : "bad");
    return line(clock(entry.time), node("b", entry.method), entry.path, answer);
}

function callbackLine(entry) {
    const item = line(
        clock(entry.time),
        node("b", entry.type || "injected body"),
        entry.to,
        node("span", entry.messageId, "quiet"),
    );
    if (entry.kind === "drop") {
        item.append(node("span", `dropped after ${entry.attempts} attempts`, "bad"));
        return item;
    }
    if (entry.attempt > 1) item.append(node("span", `attempt ${entry.attempt}`, "waiting"), " ");
    item.append(node("span", entry.status ?? entry.error, entry.isAccepted ? "good" : "bad"));
    return item;
}

function show(data) {
    find("time").textContent = data.time.replace("T", " ").slice(0, 19);
    find("queued").textContent = data.queued;
    find("pending").textContent = data.pending;
    find("callback-url").textContent = data.callbackUrl ?? "no address";
    find("messages").replaceChildren(...data.messages.map(messageLine));
    const lines = data.log.map((entry) => (entry.kind === "request" ? requestLine : callbackLine)(entry));
    const log = find("log");
    log.prepend(...lines.reverse());
    while (log.children.length > SHOWN) log.lastElementChild.remove();
    last = data.last;
}

async function update() {
    try {
        activity.searchParams.set("after", last);
        const answer = await fetch(activity);
        show(await answer.json());
        find("offline").hidden = true;
    } catch {
        find("offline").hidden = false;
    }
    setTimeout(update, INTERVAL);
}

update();
