"use strict";
// Nothing is counted here: the text goes to the API as it is typed, and what comes back is shown.
// Whatever a text holds, it only ever becomes the content of a text node.

const DEBOUNCE = 80;
const SPOKEN_AFTER = 800;
const NON_GSM_SHOWN = 10;
const CHARACTERS_SHOWN = 300;
const ENCODINGS = { gsm7: ["GSM-7", "septet"], ucs2: ["UCS-2", "code unit"] };
const LEVELS = {
    punctuation: "Replace punctuation and signs",
    letters: "Replace Latin letters too",
    all: "Replace all that can be replaced",
};

const $ = id => document.getElementById(id);
const text = $("text");
const to = $("to"); // only with a rate card
const numbers = new Intl.NumberFormat("en");

let turn = 0; // of the latest request: answers to earlier ones are dropped
let shown = null; // the analysis on the page, with the text it is about as `text`
let characters = new Map(); // of that analysis
let earlier = []; // texts before the changes that were clicked

const SIGNS = new Map([["\n", "↵"], [" ", "space"], ["", "nothing"]]);
const signOf = char => SIGNS.get(char) ?? characters.get(char)?.shown ?? char;
const plural = (count, noun) => `${numbers.format(count)} ${noun}${count === 1 ? "" : "s"}`;

function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
}

// Asking

function sentText() {
    // A text field gives every line end as LF.
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
    if (!response.ok) throw new Refusal(answer);
    return answer;
}

class Refusal extends Error {
    constructor({ error, field }) {
        super(field ? `${field}: ${error}` : error);
    }
}

async function update() {
    const mine = ++turn;
    const sent = sentText();
    const options = rules();
    const number = to ? to.value.trim() : "";
    try {
        const [analysis, estimate] = await Promise.all([
            ask("v1/analyze", { text: sent, ...options }),
            number && ask("v1/estimate", { messages: [{ text: sent, to: number }], ...options }),
        ]);
        if (mine !== turn) return;
        setFailure("");
        show({ ...analysis, text: sent }, estimate && estimate.messages[0]);
    } catch (error) {
        if (mine !== turn) return;
        setFailure(error instanceof Refusal ? error.message : "The service does not answer.");
    }
}

function setFailure(why) {
    $("failure").textContent = why;
    $("failure").hidden = !why;
    for (const id of ["facts", "remarks", "answer"]) $(id).classList.toggle("stale", Boolean(why));
}

let updating;
function updateSoon() {
    clearTimeout(updating);
    updating = setTimeout(update, DEBOUNCE);
}

// Showing

function show(analysis, priced) {
    shown = analysis;
    characters = new Map(analysis.characters.map(c => [c.char, c]));
    for (const { char } of analysis.non_gsm_characters) characters.get(char).blocks = true;
    const [encoding, unit] = ENCODINGS[analysis.encoding];
    const facts = {
        "segment-count": numbers.format(analysis.segment_count),
        "segments-word": analysis.segment_count === 1 ? "segment" : "segments",
        "encoding": encoding,
        "unit-count": numbers.format(analysis.unit_count),
        "units-word": `${capital(unit)}s`,
        "units-left": numbers.format(analysis.units_left),
        "left-word": analysis.segment_count === 1 ? "Left" : "Left in the last",
        "character-count": `(${numbers.format(analysis.characters.length)})`,
    };
    if (to) facts.price = priced && priced.price ? `${priced.price} ${priced.currency}` : "–";
    for (const [id, fact] of Object.entries(facts)) $(id).textContent = fact;
    $("remarks").replaceChildren(
        ...[...remarks(analysis, unit, priced)].map(remark => element("li", {}, remark)),
    );
    showNonGsmCharacters(analysis);
    $("segments").replaceChildren(...analysis.segments.map(segment => segmentItem(segment, unit)));
    showCharacters();
    showCursor();
    speakSoon(
        `${plural(analysis.segment_count, "segment")}, ${encoding}, ` +
            `${plural(analysis.unit_count, unit)}, ${numbers.format(analysis.units_left)} left`,
    );
}

function* remarks({ advice, exceeded_limits, locking_shift, single_shift }, unit, priced) {
    for (const [language, shift] of [[locking_shift, "locking"], [single_shift, "single"]])
        if (language) yield `Counted with the ${shift} shift table of ${capital(language)}.`;
    if (priced)
        yield priced.price ? `Priced as sent to ${priced.destination}.` : `No price: ${priced.note}.`;
    const { segments_before: before, units_over: over } = advice;
    if (before > 1)
        yield `${plural(before - 1, "segment")}${before > 2 ? " at most" : ""} without the last ` +
            `${over === 1 ? unit : plural(over, unit)}.`;
    for (const { limit, allowed, found, source } of exceeded_limits)
        yield `${numbers.format(found)} ${limit.split("_").pop()}: more than ` +
            `${numbers.format(allowed)} cannot be sent (${source}).`;
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

// Characters of one kind are one run, so that marks and letters that join stay together.
function* runs(body) {
    let kind = null;
    let run = "";
    for (const char of body) {
        const its = kindOf(char);
        if (its !== kind && run) yield runOf(kind, run);
        if (its !== kind) run = "";
        kind = its;
        run += char;
    }
    if (run) yield runOf(kind, run);
}

function kindOf(char) {
    const { blocks, shown: sign, unit_count: units } = characters.get(char);
    const hidden = !sign.includes(char);
    return hidden ? "hidden" : blocks ? "non-gsm" : units > 1 ? "two" : "plain";
}

function runOf(kind, run) {
    if (kind === "plain") return run;
    if (kind === "two") return element("span", { className: "two", title: "takes two" }, run);
    if (kind === "non-gsm") return element("mark", { title: "forces UCS-2" }, run);
    const signs = [...run].map(char => {
        const { blocks, name } = characters.get(char);
        const made = element("span", { className: "hidden-sign code", title: name }, signOf(char));
        return [blocks ? element("mark", {}, made) : made, char === "\n" ? "\n" : ""];
    });
    return element("span", {}, ...signs.flat());
}

function showNonGsmCharacters({ non_gsm_characters, levels, advice }) {
    const replacements = levels.length ? levels.at(-1).replacements : [];
    const rows = non_gsm_characters
        .toSorted((a, b) => b.places.length - a.places.length)
        .slice(0, NON_GSM_SHOWN)
        .map(({ char, places }) => [
            ...signCells(characters.get(char)),
            numberCell(places.length),
            element("td", {}, replacementButtons(char, replacements)),
        ]);
    $("non_gsm_characters").replaceChildren(
        ...(rows.length ? [table("Forces UCS-2", ["Character", "Times", "Replace by"], rows)] : []),
    );
    if (non_gsm_characters.length > rows.length)
        $("non_gsm_characters").append(
            element("p", { className: "quiet" }, `and ${non_gsm_characters.length - rows.length} more`),
        );
    const ways = levels.map(({ level, text: changed, segment_count: count }) =>
        wayButton(LEVELS[level], count, () => change(changed)),
    );
    if (advice.line_ends) {
        const lineEnds = "Send LF instead of CR LF";
        const name = advice.level ? `${LEVELS[advice.level]}. ${lineEnds}` : lineEnds;
        ways.push(wayButton(name, advice.segments_after, () => change(advice.text, "LF")));
    }
    $("ways").replaceChildren(...ways);
    $("savings-title").textContent = rows.length ? "Forces UCS-2" : "Saves segments";
    $("savings").hidden = !rows.length && !ways.length;
}

function replacementButtons(char, replacements) {
    const choices = new Map();
    for (const { char: piece, replacement } of replacements) {
        const [first] = piece; // a mark that joins another non_gsm_character goes with that
        if (first === char || piece.includes(char) && !characters.get(first).blocks)
            choices.set(piece, replacement);
    }
    const buttons = [...choices].slice(0, 3).map(([piece, replacement]) => {
        const signs = [...piece].map(signOf).join("");
        return element("button", {
            type: "button",
            ariaLabel: `Replace ${characters.get(char).name} by ${signOf(replacement)}`,
            onclick: () => change(shown.text.replaceAll(piece, () => replacement)),
        }, piece === char ? signOf(replacement) : `${signs} → ${signOf(replacement)}`);
    });
    return element("span", { className: "buttons" }, ...(buttons.length ? buttons : ["–"]));
}

function wayButton(name, count, apply) {
    const saves = count < shown.segment_count;
    return element("button", { type: "button", className: saves ? "saves" : "", onclick: apply },
        `${name}: ${plural(count, "segment")}`);
}

function showCharacters() {
    if (!$("characters").open) return;
    const all = [...characters.values()];
    const unit = ENCODINGS[shown.encoding][1];
    const rows = all.slice(0, CHARACTERS_SHOWN).map(c =>
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

// The first heading stands over two columns: the sign, and what it is.
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
    const found = shown && characters.get(before);
    $("cursor").replaceChildren(...(found ? [
        "Before the cursor: ", element("bdi", {}, signOf(before)), ` ${found.code_point} ${found.name}, `,
        plural(found.unit_count, ENCODINGS[shown.encoding][1]),
        found.blocks ? ", forces UCS-2" : "",
    ] : []));
}

let speaking;
function speakSoon(words) {
    clearTimeout(speaking);
    speaking = setTimeout(() => ($("spoken").textContent = words), SPOKEN_AFTER);
}

// Changing

function change(changed, lineEnds = $("line-ends").value) {
    if (sentText() !== shown.text) return; // typed meanwhile: the answer to that is on its way
    earlier.push([text.value, $("line-ends").value]);
    write(changed.replaceAll("\r\n", "\n"), lineEnds);
    $("undo").firstElementChild.focus();
}

$("undo").firstElementChild.onclick = () => {
    write(...earlier.pop());
    if (!earlier.length) text.focus();
};

function write(value, lineEnds) {
    text.value = value;
    $("line-ends").value = lineEnds;
    $("undo").hidden = !earlier.length;
    update();
}

text.oninput = () => {
    earlier = [];
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
