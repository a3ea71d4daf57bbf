"use strict";
// The page does not count: it sends the text to the API while it is typed, and shows the answer.
// Texts from outside only ever become the content of text nodes.

const DEBOUNCE = 80; // milliseconds
const ANNOUNCE_AFTER = 800;
const MAX_NON_GSM_ROWS = 10;
const MAX_CHARACTER_ROWS = 300;
const ENCODINGS = { gsm7: ["GSM-7", "septet"], ucs2: ["UCS-2", "code unit"] };
const LEVELS = {
    punctuation: "Replace punctuation and signs",
    letters: "Replace Latin letters too",
    all: "Replace everything possible",
};

const $ = id => document.getElementById(id);
const text = $("text");
const to = $("to"); // null without a rate card
const numbers = new Intl.NumberFormat("en");

let turn = 0; // number of the latest request; answers to undoStack requests are ignored
let shown = null; // the analysis on the page, and its text as `text`
let characters = new Map(); // the characters of that analysis
let undoStack = []; // the texts before each change that was clicked

const SIGNS = new Map([["\n", "↵"], [" ", "space"], ["", "nothing"]]);
const signOf = char => SIGNS.get(char) ?? characters.get(char)?.shown ?? char;
const plural = (count, noun) => `${numbers.format(count)} ${noun}${count === 1 ? "" : "s"}`;

function element(tag, properties = {}, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
}

// Requests

function sentText() {
    // A textarea has LF for every line end.
    return $("line-ends").value === "LF" ? text.value : text.value.replaceAll("\n", "\r\n");
}

function rules() {
    return {
        provider: $("provider").value || null,
        reference_bits: $("reference").checked ? 16 : null,
        keep_graphemes: $("graphemes").checked || null,
        languages: [...document.querySelectorAll("[name=language]:checked")].map(box => box.value),
    };
}

async function ask(path, request) {
    const response = await fetch(path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(request),
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

async function update() {
    const thisTurn = ++turn;
    const sent = sentText();
    const options = rules();
    const number = to ? to.value.trim() : "";
    try {
        const [analysis, estimate] = await Promise.all([
            ask("v1/analyze", { text: sent, ...options }),
            number && ask("v1/estimate", { messages: [{ text: sent, to: number }], ...options }),
        ]);
        if (thisTurn !== turn) return;
        setFailure("");
        show({ ...analysis, text: sent }, estimate && estimate.messages[0]);
    } catch (error) {
        if (thisTurn !== turn) return;
        setFailure(error instanceof RequestError ? error.message : "The server does not answer.");
    }
}

function setFailure(reason) {
    $("failure").textContent = reason;
    $("failure").hidden = !reason;
    for (const id of ["figures", "remarks", "answer"]) $(id).classList.toggle("stale", Boolean(reason));
}

let updating;
function updateSoon() {
    clearTimeout(updating);
    updating = setTimeout(update, DEBOUNCE);
}

// Results

function show(analysis, priced) {
    shown = analysis;
    characters = new Map(analysis.characters.map(c => [c.char, c]));
    for (const { char } of analysis.non_gsm_characters) characters.get(char).forcesUcs2 = true;
    const [encoding, unit] = ENCODINGS[analysis.encoding];
    const figures = {
        "segment-count": numbers.format(analysis.segment_count),
        "segments-word": analysis.segment_count === 1 ? "segment" : "segments",
        "encoding": encoding,
        "unit-count": numbers.format(analysis.unit_count),
        "units-word": `${capital(unit)}s`,
        "units-left": numbers.format(analysis.units_left),
        "left-word": analysis.segment_count === 1 ? "Left" : "Left in the last",
        "character-count": `(${numbers.format(analysis.characters.length)})`,
    };
    if (to) figures.price = priced && priced.price ? `${priced.price} ${priced.currency}` : "–";
    for (const [id, figure] of Object.entries(figures)) $(id).textContent = figure;
    $("remarks").replaceChildren(
        ...[...remarks(analysis, unit, priced)].map(remark => element("li", {}, remark)),
    );
    showNonGsmCharacters(analysis);
    $("segments").replaceChildren(...analysis.segments.map(segment => segmentItem(segment, unit)));
    showCharacters();
    showCursor();
    announceSoon(
        `${plural(analysis.segment_count, "segment")}, ${encoding}, ` +
            `${plural(analysis.unit_count, unit)}, ${numbers.format(analysis.units_left)} left`,
    );
}

function* remarks({ advice, exceeded_limits, locking_shift, single_shift }, unit, priced) {
    for (const [language, shift] of [[locking_shift, "locking"], [single_shift, "single"]])
        if (language) yield `Counted with the ${shift} shift table of ${capital(language)}.`;
    if (priced)
        yield priced.price ? `Price for ${priced.destination}.` : `No price: ${priced.note}.`;
    const { segments_before: before, units_over: over } = advice;
    if (before > 1)
        yield `${plural(before - 1, "segment")}${before > 2 ? " at most" : ""} without the last ` +
            `${over === 1 ? unit : plural(over, unit)}.`;
    for (const { limit, allowed, found, source } of exceeded_limits)
        yield `${numbers.format(found)} ${limit.split("_").pop()}: at most ` +
            `${numbers.format(allowed)} are allowed (${source}).`;
}
const capital = word => word[0].toUpperCase() + word.slice(1);

function segmentItem({ sequence, body, unit_count: units }, unit) {
    const fill = element("i");
    fill.style.width = `${(100 * units) / shown.unit_limit}%`;
    const bar = element("span", { className: "bar", ariaHidden: "true" }, fill);
    const head = element("p", { className: "head" },
        `${sequence} of ${shown.segment_count}`, bar,
        `${units} of ${plural(shown.unit_limit, unit)}`);
    const shape = element("span", {}, ...runs(body));
    return element("li", {}, head, element("div", { dir: "auto" }, shape));
}

// Adjacent characters of one kind share an element, so that letters and marks can still join.
function* runs(body) {
    let kind = null;
    let run = "";
    for (const char of body) {
        const charKind = kindOf(char);
        if (charKind !== kind && run) yield runOf(kind, run);
        if (charKind !== kind) run = "";
        kind = charKind;
        run += char;
    }
    if (run) yield runOf(kind, run);
}

function kindOf(char) {
    const { forcesUcs2, shown: sign, unit_count: units } = characters.get(char);
    const hidden = !sign.includes(char);
    return hidden ? "hidden" : forcesUcs2 ? "non-gsm" : units > 1 ? "two" : "plain";
}

function runOf(kind, run) {
    if (kind === "plain") return run;
    if (kind === "two") return element("span", { className: "two", title: "two units" }, run);
    if (kind === "non-gsm") return element("mark", { title: "forces UCS-2" }, run);
    const signs = [...run].map(char => {
        const { forcesUcs2, name } = characters.get(char);
        const sign = element("span", { className: "hidden-sign code", title: name }, signOf(char));
        return [forcesUcs2 ? element("mark", {}, sign) : sign, char === "\n" ? "\n" : ""];
    });
    return element("span", {}, ...signs.flat());
}

function showNonGsmCharacters({ non_gsm_characters, levels, advice }) {
    const replacements = levels.length ? levels.at(-1).replacements : [];
    const rows = non_gsm_characters
        .toSorted((a, b) => b.places.length - a.places.length)
        .slice(0, MAX_NON_GSM_ROWS)
        .map(({ char, places }) => [
            ...signCells(characters.get(char)),
            numberCell(places.length),
            element("td", {}, replacementButtons(char, replacements)),
        ]);
    $("non_gsm_characters").replaceChildren(
        ...(rows.length ? [table("Forces UCS-2", ["Character", "Times", "Replace with"], rows)] : []),
    );
    if (non_gsm_characters.length > rows.length)
        $("non_gsm_characters").append(
            element("p", { className: "quiet" }, `and ${non_gsm_characters.length - rows.length} more`),
        );
    const suggestions = levels.map(({ level, text: changed, segment_count: count }) =>
        suggestionButton(LEVELS[level], count, () => change(changed)),
    );
    if (advice.line_ends) {
        const lineEnds = "Send LF instead of CR LF";
        const name = advice.level ? `${LEVELS[advice.level]}. ${lineEnds}` : lineEnds;
        suggestions.push(suggestionButton(name, advice.segments_after, () => change(advice.text, "LF")));
    }
    $("suggestions").replaceChildren(...suggestions);
    $("savings-title").textContent = rows.length ? "Forces UCS-2" : "Save segments";
    $("savings").hidden = !rows.length && !suggestions.length;
}

function replacementButtons(char, replacements) {
    const choices = new Map();
    for (const { char: piece, replacement } of replacements) {
        const [first] = piece; // a mark after another such character is replaced with it
        if (first === char || piece.includes(char) && !characters.get(first).forcesUcs2)
            choices.set(piece, replacement);
    }
    const buttons = [...choices].slice(0, 3).map(([piece, replacement]) => {
        const signs = [...piece].map(signOf).join("");
        return element("button", {
            type: "button",
            ariaLabel: `Replace ${characters.get(char).name} with ${signOf(replacement)}`,
            onclick: () => change(shown.text.replaceAll(piece, () => replacement)),
        }, piece === char ? signOf(replacement) : `${signs} → ${signOf(replacement)}`);
    });
    return element("span", { className: "buttons" }, ...(buttons.length ? buttons : ["–"]));
}

function suggestionButton(name, count, apply) {
    const saves = count < shown.segment_count;
    return element("button", { type: "button", className: saves ? "saves" : "", onclick: apply },
        `${name}: ${plural(count, "segment")}`);
}

function showCharacters() {
    if (!$("characters").open) return;
    const all = [...characters.values()];
    const unit = ENCODINGS[shown.encoding][1];
    const rows = all.slice(0, MAX_CHARACTER_ROWS).map(c =>
        [...signCells(c), numberCell(c.unit_count), numberCell(c.count)]);
    $("characters").lastElementChild.replaceChildren(
        table("Characters", ["Character", `${capital(unit)}s`, "Times"], rows),
        all.length > rows.length ? `and ${numbers.format(all.length - rows.length)} more` : "",
    );
}

function signCells({ char, code_point: code, name }) {
    const sign = signOf(char);
    return [
        element("td", { className: "sign" },
            element("bdi", { className: sign.length > 3 ? "code" : "" }, sign)),
        element("td", {},
            element("span", { className: "code" }, code), " ",
            element("span", { className: "name quiet" }, name)),
    ];
}

const numberCell = number =>
    element("td", { className: "number" }, numbers.format(number));

// The first heading spans two columns: the character, and its code point and name.
function table(name, [first, ...others], rows) {
    const heads = others.map((heading, i) =>
        element("th", { scope: "col", className: rows[0]?.[i + 2].className }, heading));
    return element("table", { ariaLabel: name },
        element("thead", {}, element("tr", {},
            element("th", { scope: "colgroup", colSpan: 2 }, first), ...heads)),
        element("tbody", {}, ...rows.map(row => element("tr", {}, ...row))));
}

function showCursor() {
    const before = [...text.value.slice(0, text.selectionEnd)].at(-1);
    const character = shown && characters.get(before);
    $("cursor").replaceChildren(...(character ? [
        "Before the cursor: ", element("bdi", {}, signOf(before)), ` ${character.code_point} ${character.name}, `,
        plural(character.unit_count, ENCODINGS[shown.encoding][1]),
        character.forcesUcs2 ? ", forces UCS-2" : "",
    ] : []));
}

let announcing;
function announceSoon(message) {
    clearTimeout(announcing);
    announcing = setTimeout(() => ($("announcement").textContent = message), ANNOUNCE_AFTER);
}

// Changes

function change(changed, lineEnds = $("line-ends").value) {
    if (sentText() !== shown.text) return; // the text has changed since; its answer will follow
    undoStack.push([text.value, $("line-ends").value]);
    write(changed.replaceAll("\r\n", "\n"), lineEnds);
    $("undo").firstElementChild.focus();
}

$("undo").firstElementChild.onclick = () => {
    write(...undoStack.pop());
    if (!undoStack.length) text.focus();
};

function write(value, lineEnds) {
    text.value = value;
    $("line-ends").value = lineEnds;
    $("undo").hidden = !undoStack.length;
    update();
}

text.oninput = () => {
    undoStack = [];
    $("undo").hidden = true;
    updateSoon();
};
$("request").onsubmit = event => event.preventDefault();
$("request").onchange = event => event.target !== text && updateSoon();
if (to) to.oninput = updateSoon;
$("characters").ontoggle = () => shown && showCharacters();
document.addEventListener("selectionchange", showCursor);
text.addEventListener("selectionchange", showCursor);
update();
