"use strict";

const SHOWN = 200;
const WAIT = 1000;
const KINDS = { DELIVERED: "good", RECEIVED: "good", FAILED: "bad" };
let last = 0;

const find = (id) => document.getElementById(id);

// Everything is set as text, never as markup: messages come from anywhere.
function node(name, text, kind = "") {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = kind;
    return made;
}

function line(...parts) {
    const made = document.createElement("li");
    for (const part of parts) made.append(part, " ");
    return made;
}

const clock = (time) => node("time", time.slice(11, 19));

function messageLine(message) {
    const segments = `${message.segments} segment${message.segments === 1 ? "" : "s"}`;
    const made = line(
        clock(message.time),
        node("b", message.from),
        node("span", segments, "quiet"),
        node("span", message.id, "quiet"),
        node("span", message.tag, "quiet"),
    );
    const states = node("div", "", "states");
    for (const { to, state, code } of message.states) {
        const told = `→ ${to} ${state.toLowerCase()} ${code ?? ""}`;
        states.append(node("span", told, KINDS[state] ?? "waiting"), " ");
    }
    made.append(states);
    if (message.text) made.append(node("p", message.text));
    return made;
}

function requestLine(entry) {
    const answer = entry.status === null
        ? node("span", "connection broken", "bad")
        : node("span", entry.status, entry.status < 400 ? "good" : "bad");
    return line(clock(entry.time), node("b", entry.method), entry.path, answer);
}

function callbackLine(entry) {
    const made = line(
        clock(entry.time),
        node("b", entry.type || "a body"),
        entry.to,
        node("span", entry.messageId, "quiet"),
    );
    if (entry.kind === "drop") {
        made.append(node("span", `dropped after ${entry.trials} attempts`, "bad"));
        return made;
    }
    if (entry.trial > 1) made.append(node("span", `attempt ${entry.trial}`, "waiting"), " ");
    made.append(node("span", entry.status ?? entry.error, entry.isAccepted ? "good" : "bad"));
    return made;
}

function show(now) {
    find("time").textContent = now.time.replace("T", " ").slice(0, 19);
    find("queued").textContent = now.queued;
    find("under-way").textContent = now.underWay;
    find("callback-url").textContent = now.callbackUrl ?? "nowhere";
    find("messages").replaceChildren(...now.messages.map(messageLine));
    const lines = now.log.map((entry) => (entry.kind === "request" ? requestLine : callbackLine)(entry));
    const log = find("log");
    log.prepend(...lines.reverse());
    while (log.children.length > SHOWN) log.lastElementChild.remove();
    last = now.last;
}

async function look() {
    try {
        const answer = await fetch(`happenings?after=${last}`);
        show(await answer.json());
        find("silent").hidden = true;
    } catch {
        find("silent").hidden = false;
    }
    setTimeout(look, WAIT);
}

look();
