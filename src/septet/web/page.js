// The page counts with the core, which a script before this one loads as WebAssembly.
// Texts from outside only ever become the content of text nodes.

const ANNOUNCE_AFTER = 800; // milliseconds without a change
const MAX_NON_GSM_ROWS = 10;
const MAX_CHARACTER_ROWS = 300;
const ENCODINGS = { gsm7: ["GSM-7", "septet"], ucs2: ["UCS-2", "code unit"] };
const LEVELS = {
    punctuation: "Replace punctuation and signs",
    letters: "Replace Latin letters too",
    all: "Replace everything possible",
};

const $ = id => document.getElementById(id);
const settings = JSON.parse($("settings").textContent);
const text = $("text");
const to = $("to");
const numbers = new Intl.NumberFormat("en");

let core; // the module
let shown = null; // the analysis on the page, with its text, segments, characters and levels
const names = new Map(Object.entries(settings.names)); // of characters
let priced = null; // the answer of the server about the price
let undoStack = []; // the texts before each change that was clicked

const SIGNS = new Map([["\n", "↵"], [" ", "space"], ["", "nothing"]]);
const signOf = char => SIGNS.get(char) ?? visible(char);
const plural = (count, noun) => `${numbers.format(count)} ${noun}${count === 1 ? "" : "s"}`;
const capital = word => word[0].toUpperCase() + word.slice(1);
const hex = char => char.codePointAt(0).toString(16);
const nameOf = char => names.get(char) ?? (char.isWellFormed() ? "" : "LONE SURROGATE");
const codePoint = char => `U+${hex(char).toUpperCase().padStart(4, "0")}`;

function element(tag, properties = {}, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
}

// Controls as pictures, other invisible characters as escapes, marks on a dotted circle.
function visible(char) {
    const code = char.codePointAt(0);
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "␡";
    if (/\p{M}/u.test(char)) return `◌${char}`;
    if (char === " " || !/[\p{C}\p{Z}]/u.test(char)) return char;
    return code < 0x100 ? `\\x${hex(char)}`
        : code < 0x10000 ? `\\u${hex(char).padStart(4, "0")}` : `\\U${hex(char).padStart(8, "0")}`;
}

// Counting

function sentText() {
    // A textarea has LF for every line end.
    return $("line-ends").value === "LF" ? text.value : text.value.replaceAll("\n", "\r\n");
}

function rules() {
    return {
        provider: $("provider").value || null,
        referenceBits: $("reference").checked ? 16 : undefined,
        keepGraphemes: $("graphemes").checked || undefined,
        languages: [...document.querySelectorAll("[name=language]:checked")].map(box => box.value),
    };
}

let counting; // the text, its segmenter and analysis, and the level that only the server knows

function update() {
    const sent = sentText();
    const segmenter = new core.Segmenter(rules());
    counting = { text: sent, segmenter, analysis: segmenter.analyze(sent), lastLevel: null };
    showFigures(counting.analysis);
    showSoon();
    askSoon();
}

// Results

function showFigures({ encoding, segmentCount, unitCount, unitsLeft }) {
    const [name, unit] = ENCODINGS[encoding];
    const figures = {
        "segment-count": numbers.format(segmentCount),
        "segments-word": segmentCount === 1 ? "segment" : "segments",
        "encoding": name,
        "unit-count": numbers.format(unitCount),
        "units-word": `${capital(unit)}s`,
        "units-left": numbers.format(unitsLeft),
        "left-word": segmentCount === 1 ? "Left" : "Left in the last",
    };
    for (const [id, figure] of Object.entries(figures)) $(id).textContent = figure;
    announceSoon(
        `${plural(segmentCount, "segment")}, ${name}, ` +
            `${plural(unitCount, unit)}, ${numbers.format(unitsLeft)} left`,
    );
}

let showing;
let showingTime = 0; // milliseconds

// Shows the rest when the figures have been painted; of a long text, only after a pause.
function showSoon() {
    clearTimeout(showing);
    showing = setTimeout(showDetails, showingTime);
}

function showDetails() {
    const start = performance.now();
    shown = details(counting);
    const unit = ENCODINGS[shown.encoding][1];
    const remarkItems = [...remarks(shown, unit)].map(remark => element("li", {}, remark));
    $("remarks").replaceChildren(...remarkItems);
    $("character-count").textContent = `(${numbers.format(shown.characters.size)})`;
    showNonGsmCharacters(shown);
    $("segments").replaceChildren(...shown.segments.map(segment => segmentItem(segment, unit)));
    showCharacters();
    showCursor();
    showingTime = performance.now() - start;
}

function showPrice() {
    $("price").textContent = priced?.price ? `${priced.price} ${priced.currency}` : "–";
    $("price").classList.remove("stale");
}

function* remarks({ segmentCount, unitsOver: over, exceededLimits, lockingShift, singleShift }, unit) {
    for (const [language, shift] of [[lockingShift, "locking"], [singleShift, "single"]])
        if (language) yield `Counted with the ${shift} shift table of ${capital(language)}.`;
    if (priced)
        yield priced.price ? `Price for ${priced.destination}.` : `No price: ${priced.note}.`;
    if (segmentCount > 1)
        yield `${plural(segmentCount - 1, "segment")}${segmentCount > 2 ? " at most" : ""} without ` +
            `the last ${over === 1 ? unit : plural(over, unit)}.`;
    for (const { limit, allowed, found, source } of exceededLimits)
        yield `${numbers.format(found)} ${limit.split("_").pop()}: at most ` +
            `${numbers.format(allowed)} are allowed (${source}).`;
}

function segmentItem({ sequence, body, unitCount: units }, unit) {
    const fill = element("i");
    fill.style.width = `${(100 * units) / shown.unitLimit}%`;
    const bar = element("span", { className: "bar", ariaHidden: "true" }, fill);
    const head = element("p", { className: "head" },
        `${sequence} of ${shown.segmentCount}`, bar,
        `${units} of ${plural(shown.unitLimit, unit)}`);
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
    const { forcesUcs2, unitCount: units } = shown.characters.get(char);
    return !visible(char).includes(char) ? "hidden" : forcesUcs2 ? "non-gsm" : units > 1 ? "two" : "plain";
}

function runOf(kind, run) {
    if (kind === "plain") return run;
    if (kind === "two") return element("span", { className: "two", title: "two units" }, run);
    if (kind === "non-gsm") return element("mark", { title: "forces UCS-2" }, run);
    const signs = [...run].map(char => {
        const properties = { className: "hidden-sign code", title: nameOf(char) };
        const sign = element("span", properties, signOf(char));
        return [shown.characters.get(char).forcesUcs2 ? element("mark", {}, sign) : sign, char === "\n" ? "\n" : ""];
    });
    return element("span", {}, ...signs.flat());
}

function showNonGsmCharacters({ characters, levels, lineEnds }) {
    const replacements = levels.at(-1)?.replacements ?? [];
    const nonGsm = [...characters.values()].filter(({ forcesUcs2 }) => forcesUcs2);
    const rows = nonGsm
        .toSorted((a, b) => b.count - a.count)
        .slice(0, MAX_NON_GSM_ROWS)
        .map(({ char, count }) => [
            ...signCells(char),
            numberCell(count),
            element("td", {}, replacementButtons(char, replacements)),
        ]);
    $("non_gsm_characters").replaceChildren(
        ...(rows.length ? [table("Forces UCS-2", ["Character", "Times", "Replace with"], rows)] : []),
    );
    if (nonGsm.length > rows.length)
        $("non_gsm_characters").append(
            element("p", { className: "quiet" }, `and ${nonGsm.length - rows.length} more`),
        );
    const suggestions = levels.map(({ level, text: changed, segmentCount: count }) =>
        suggestionButton(LEVELS[level], count, () => change(changed)),
    );
    if (lineEnds) {
        const { text: changed, level, segmentCount: count } = lineEnds;
        const name = `${level ? `${LEVELS[level]}. ` : ""}Send LF instead of CR LF`;
        suggestions.push(suggestionButton(name, count, () => change(changed, "LF")));
    }
    $("suggestions").replaceChildren(...suggestions);
    $("savings-title").textContent = rows.length ? "Forces UCS-2" : "Save segments";
    $("savings").hidden = !rows.length && !suggestions.length;
}

function replacementButtons(char, replacements) {
    const choices = new Map();
    for (const { char: piece, replacement } of replacements) {
        const [first] = piece; // a mark after another such character is replaced with it
        if (first === char || piece.includes(char) && !shown.characters.get(first).forcesUcs2)
            choices.set(piece, replacement);
    }
    const buttons = [...choices].slice(0, 3).map(([piece, replacement]) => {
        const signs = [...piece].map(signOf).join("");
        return element("button", {
            type: "button",
            ariaLabel: `Replace ${nameOf(char) || codePoint(char)} with ${signOf(replacement)}`,
            onclick: () => change(shown.text.replaceAll(piece, () => replacement)),
        }, piece === char ? signOf(replacement) : `${signs} → ${signOf(replacement)}`);
    });
    return element("span", { className: "buttons" }, ...(buttons.length ? buttons : ["–"]));
}

function suggestionButton(name, count, apply) {
    const saves = count < shown.segmentCount;
    return element("button", { type: "button", className: saves ? "saves" : "", onclick: apply },
        `${name}: ${plural(count, "segment")}`);
}

function showCharacters() {
    if (!$("characters").open) return;
    const all = [...shown.characters.values()];
    const unit = ENCODINGS[shown.encoding][1];
    const rows = all.slice(0, MAX_CHARACTER_ROWS).map(({ char, unitCount, count }) =>
        [...signCells(char), numberCell(unitCount), numberCell(count)]);
    $("characters").lastElementChild.replaceChildren(
        table("Characters", ["Character", `${capital(unit)}s`, "Times"], rows),
        all.length > rows.length ? `and ${numbers.format(all.length - rows.length)} more` : "",
    );
}

function signCells(char) {
    const sign = signOf(char);
    return [
        element("td", { className: "sign" },
            element("bdi", { className: sign.length > 3 ? "code" : "" }, sign)),
        element("td", {},
            element("span", { className: "code" }, codePoint(char)), " ",
            element("span", { className: "name quiet" }, nameOf(char))),
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
    const character = shown?.characters.get(before);
    $("cursor").replaceChildren(...(character ? [
        "Before the cursor: ", element("bdi", {}, signOf(before)),
        ` ${codePoint(before)} ${nameOf(before)}`.trimEnd(), ", ",
        plural(character.unitCount, ENCODINGS[shown.encoding][1]),
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
    if (sentText() !== shown.text) return; // it has changed since
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
    update();
};
$("request").onsubmit = event => event.preventDefault();
$("request").onchange = event => event.target.closest("#rules") && update();
to.oninput = askSoon;
$("characters").ontoggle = () => shown && showCharacters();
document.addEventListener("selectionchange", showCursor);
text.addEventListener("selectionchange", showCursor);

// The beginning

loading.then(module => {
    core = module;
    $("provider").append(...core.providers.map(name =>
        new Option(name, name, false, name === settings.provider)));
    $("languages").append(...core.languages.map(name => element("label", {},
        element("input", { type: "checkbox", name: "language", value: name }), ` ${capital(name)}`)));
    update();
}, error => setFailure(`The page cannot count: ${error.message}`));
for (const node of document.querySelectorAll(".priced")) node.hidden = !settings.hasPrices;
