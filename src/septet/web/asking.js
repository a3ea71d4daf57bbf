// What the page asks the server, if there is one, after it has counted: the price, and what needs
// packages of Python, which are names of characters and the level that replaces everything possible.

const ASK_AFTER = 80; // milliseconds without a change

let asking;
let turn = 0; // answers to what was asked before a change are ignored

function askSoon() {
    if (!settings.hasServer) return;
    turn++;
    $("price").classList.add("stale");
    clearTimeout(asking);
    asking = setTimeout(askServer, showingTime + ASK_AFTER); // what is shown says what to ask
}

async function askServer() {
    const thisTurn = turn;
    let failure = "";
    let hasNews = true; // buttons that are replaced lose the click that has begun
    try {
        const [estimate, analysis] = await Promise.all([askPrice(), askUnknown()]);
        if (thisTurn !== turn) return;
        hasNews = Boolean(estimate ?? analysis ?? priced);
        priced = estimate?.messages[0];
        for (const { char, name } of analysis?.characters ?? []) names.set(char, name);
        counting.lastLevel = lastLevelOf(analysis?.levels ?? []);
    } catch (error) {
        if (thisTurn !== turn) return;
        priced = null;
        failure = error instanceof RequestError ? error.message : "The server does not answer.";
    }
    setFailure(failure);
    showPrice();
    if (hasNews) showDetails();
}

async function askPrice() {
    const number = to.value.trim();
    if (number) return ask("v1/estimate", { messages: [{ text: counting.text, to: number }] });
}

// The names that are not known yet, and the last level if the others leave something to replace.
async function askUnknown() {
    const { text: sent, characters, levels, encoding } = shown;
    const unnamed = [...characters.keys()].filter(char => !names.has(char) && char.isWellFormed());
    const hasRest = encoding === "ucs2" && levels.at(-1)?.encoding !== "gsm7";
    const asked = hasRest && sent.isWellFormed() ? sent : unnamed.join("");
    if (asked) return ask("v1/analyze", { text: asked });
}

async function ask(path, request) {
    const { provider, referenceBits, keepGraphemes, languages } = rules();
    const response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
            ...request, provider, languages,
            reference_bits: referenceBits, keep_graphemes: keepGraphemes,
        }),
    });
    const answer = await response.json();
    if (!response.ok) throw new RequestError(answer);
    return answer;
}

class RequestError extends Error {
    constructor({ error, field }) {
        super(field ? `${field}: ${error}` : error);
    }
}

function lastLevelOf(levels) {
    const found = levels.find(({ level }) => level === "all");
    return found ? { ...found, segmentCount: found.segment_count } : null;
}

function setFailure(reason) {
    $("failure").textContent = reason;
    $("failure").hidden = !reason;
}
