// The custom element <septet-counter for="ID">: shows what the text of a field takes while it is
// typed. Texts and wording only ever become the content of text nodes.

import { Segmenter } from "./septet.js";

const ANNOUNCE_AFTER = 1000; // milliseconds without a change
const CLEAR_AFTER = 4000; // milliseconds; so that the field's description does not keep it
const MAX_CHARACTERS = 10;

const ENCODINGS = { gsm7: "GSM-7", ucs2: "UCS-2" };
// The wording of each part in English, by the plural category of its number.
const WORDING = {
    segments: { one: "{count} segment", other: "{count} segments" },
    units: { other: "{count} left" },
    "non-gsm": { other: "not in GSM-7: {characters}" },
    "over-segments": { one: "{count} segment too many", other: "{count} segments too many" },
    "over-units": { one: "{count} unit too many", other: "{count} units too many" },
    "over-characters": { one: "{count} character too many", other: "{count} characters too many" },
};
const SEGMENTS_OF_MAX = { other: "{count} of {max} segments" };
const PARTS = ["segments", "units", "encoding", "non-gsm", "over"];
const PLURAL_CATEGORIES = ["zero", "one", "two", "few", "many", "other"];

const STYLE = new CSSStyleSheet(); // allowed by every Content-Security-Policy
STYLE.replaceSync(`
:host { display: block; color: var(--septet-color, inherit); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
:host([hidden]), [part]:empty { display: none; }
[part]:not([part="character"]) { margin-inline-end: var(--septet-gap, 1em); }
[part="over"], :host([over]) [part="segments"] { color: var(--septet-over-color, inherit); font-weight: bold; }
[role="status"] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`);

let generatedIds = 0;

class SeptetCounter extends HTMLElement {
    static observedAttributes = [
        ...["for", "max-segments", "max-units", "validate", "line-ends", "lang"],
        ...["encoding", "provider", "languages", "reference-bits", "header-octets", "keep-graphemes"],
        ...Object.keys(ENCODINGS).map(name => `encoding-${name}`),
        ...Object.keys(WORDING).flatMap(part => PLURAL_CATEGORIES.map(name => `${part}-${name}`)),
    ];

    #parts = Object.fromEntries(PARTS.map(name => [name, element("span", { part: name })]));
    #status = element("span", { role: "status" });
    #observer = new MutationObserver(() => this.#follow());
    #isObserving = false; // from when the counter is in a page until it is removed
    #field = null;
    #listening = null; // aborted when the field is left
    #addedId = null; // to the field's description
    #isInvalid = false; // by this counter
    #segmenter = null;
    #analysis = null;
    #announced = null; // the texts of the parts; null before the first count
    #timer = 0;
    #isPending = false; // an update after attributes have changed

    constructor() {
        super();
        const root = this.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [STYLE];
        for (const part of Object.values(this.#parts)) root.append(part, " ");
        root.append(this.#status);
    }

    /** The analysis of the text that was counted last; null without a field. */
    get analysis() {
        return this.#analysis;
    }

    connectedCallback() {
        const changes = { attributeFilter: ["id"], childList: true, subtree: true };
        this.#observer.observe(this.getRootNode(), changes);
        this.#isObserving = true;
        this.#follow();
    }

    disconnectedCallback() {
        this.#observer.disconnect();
        this.#isObserving = false;
        this.#leave();
    }

    attributeChangedCallback() {
        this.#segmenter = null;
        if (this.#isPending || !this.#isObserving) return;
        this.#isPending = true;
        queueMicrotask(() => { // once for all attributes that are changed together
            this.#isPending = false;
            if (this.#isObserving && !this.#follow()) this.update();
        });
    }

    /** Counts again; needed after a script has changed the value of the field. */
    update() {
        if (!this.#field) return;
        let max, maxUnits, text;
        try {
            this.#segmenter ??= this.#makeSegmenter();
            max = this.#max("max-segments");
            maxUnits = this.#max("max-units");
            text = this.#text();
        } catch (error) {
            this.#clear();
            throw error;
        }
        const analysis = this.#segmenter.analyze(text);
        const { encoding, segmentCount, unitCount, unitsLeft, exceededLimits } = analysis;
        const characters = new Set(analysis.nonGsmCharacters.map(({ char }) => char));
        const limits = [
            { limit: "max_segments", actual: segmentCount, allowed: max ?? Infinity },
            { limit: "max_units", actual: unitCount, allowed: maxUnits ?? Infinity },
            ...exceededLimits,
        ];
        const exceeded = limits.find(({ actual, allowed }) => actual > allowed);
        const isRefused = this.getAttribute("encoding") === "gsm7" && characters.size > 0;
        const show = (name, count, part = name) =>
            this.#show(name, count, { max, used: unitCount, characters }, this.#parts[part]);
        this.#analysis = analysis;
        for (const part of Object.values(this.#parts)) part.textContent = "";
        show("segments", segmentCount);
        show("units", unitsLeft);
        this.#parts.encoding.textContent =
            this.getAttribute(`encoding-${encoding}`) ?? ENCODINGS[encoding];
        if (characters.size) show("non-gsm", characters.size);
        if (exceeded) {
            const unit = exceeded.limit.split("_").pop();
            show(`over-${unit}`, exceeded.actual - exceeded.allowed, "over");
        }
        this.toggleAttribute("over", Boolean(exceeded) || isRefused);
        this.#validate(exceeded ? "over" : isRefused ? "non-gsm" : null);
        this.#announceSoon();
        const options = { bubbles: true, composed: true, detail: analysis };
        this.dispatchEvent(new CustomEvent("septet-count", options));
    }

    #makeSegmenter() {
        const number = name => this.hasAttribute(name) ? Number(this.getAttribute(name)) : undefined;
        const encoding = this.getAttribute("encoding");
        return new Segmenter({
            // A text with characters that GSM-7 lacks is counted in UCS-2, and marked as over.
            encoding: encoding === "gsm7" ? null : encoding,
            provider: this.getAttribute("provider"),
            languages: this.getAttribute("languages")?.match(/[^\s,]+/g) ?? undefined,
            referenceBits: number("reference-bits"),
            headerOctets: number("header-octets"),
            keepGraphemes: this.hasAttribute("keep-graphemes") || undefined,
        });
    }

    #max(name) {
        const value = this.getAttribute(name);
        if (value === null || /^[1-9]\d*$/.test(value)) return value && Number(value);
        throw new RangeError(`${name} must be a whole number from 1, not "${value}"`);
    }

    #text() {
        const { value } = this.#field;
        const text = typeof value === "string" ? value : this.#field.innerText; // if it is editable
        const lineEnds = this.getAttribute("line-ends") ?? "lf";
        if (lineEnds === "crlf") return text.replace(/\r\n?|\n/g, "\r\n");
        if (lineEnds === "lf") return text;
        throw new RangeError(`line-ends must be lf or crlf, not "${lineEnds}"`);
    }

    #show(name, number, { max, used, characters }, part) {
        const given = plural =>
            this.getAttribute(`${name}-${plural}`) ?? this.getAttribute(`${name}-other`);
        const isGiven = PLURAL_CATEGORIES.some(plural => this.hasAttribute(`${name}-${plural}`));
        const { plurals, numbers } = formatsOf(isGiven ? languageOf(this) : "en");
        const english = name === "segments" && max !== null ? SEGMENTS_OF_MAX : WORDING[name];
        const plural = plurals.select(number);
        const wording = given(plural) ?? english[plural] ?? english.other;
        const values = { "{count}": number, "{max}": max, "{used}": used };
        for (const piece of wording.split(/(\{\w+\})/)) {
            if (piece === "{characters}") part.append(...shownCharacters(characters));
            else if (Object.hasOwn(values, piece)) part.append(numbers.format(values[piece]));
            else part.append(piece);
        }
    }

    // Announces the parts that have changed since the last time, after a pause in typing.
    #announceSoon() {
        const texts = PARTS.map(name => this.#parts[name].textContent);
        this.#announced ??= texts;
        clearTimeout(this.#timer);
        this.#status.textContent = "";
        this.#timer = setTimeout(() => {
            const changed = texts.filter((text, i) => text && text !== this.#announced[i]);
            this.#announced = texts;
            this.#status.textContent = changed.join(", ");
            this.#timer = setTimeout(() => (this.#status.textContent = ""), CLEAR_AFTER);
        }, ANNOUNCE_AFTER);
    }

    // The part whose text says why the field is not valid; null if it is.
    #validate(part) {
        const isInvalid = part !== null && this.hasAttribute("validate");
        const { segments, [part]: reason } = this.#parts; // the reason may have no wording
        const message = isInvalid ? reason.textContent || segments.textContent : "";
        if (isInvalid || this.#isInvalid) this.#field.setCustomValidity?.(message); // else it is not ours
        this.#isInvalid = isInvalid;
    }

    // The field

    /** Finds the field, which may be added later or replaced; true if it is another one. */
    #follow() {
        const root = this.getRootNode();
        const field = root.getElementById(this.getAttribute("for") ?? "");
        if (field === this.#field) return false;
        this.#leave();
        this.#field = field;
        if (field) this.#listen(root);
        this.update();
        return true;
    }

    #listen(root) {
        this.#listening = new AbortController();
        const { signal } = this.#listening;
        const field = this.#field;
        const update = () => this.update();
        field.addEventListener("input", update, { signal });
        // The fields of a form have their first values only after the event.
        const onReset = event => event.target === field.form && setTimeout(update);
        root.addEventListener("reset", onReset, { signal });
        this.id ||= `septet-counter-${++generatedIds}`;
        const ids = descriptionsOf(field);
        if (ids.includes(this.id)) return;
        this.#addedId = this.id;
        field.setAttribute("aria-describedby", [...ids, this.id].join(" "));
    }

    #leave() {
        if (!this.#field) return;
        this.#listening.abort();
        const others = descriptionsOf(this.#field).filter(id => id !== this.#addedId).join(" ");
        if (others) this.#field.setAttribute("aria-describedby", others);
        else this.#field.removeAttribute("aria-describedby");
        this.#clear();
        this.#field = this.#addedId = null;
    }

    #clear() {
        clearTimeout(this.#timer);
        for (const part of [...Object.values(this.#parts), this.#status]) part.textContent = "";
        this.#analysis = this.#announced = null;
        this.removeAttribute("over");
        this.#validate(null);
    }
}

function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
}

const descriptionsOf = field => field.getAttribute("aria-describedby")?.match(/\S+/g) ?? [];

// Each in an element of its own, because the text around it may have another direction.
function shownCharacters(characters) {
    const shown = [...characters].slice(0, MAX_CHARACTERS).map(visible);
    const nodes = shown.flatMap(char => [" ", element("bdi", { part: "character" }, char)]);
    return [...nodes.slice(1), ...(characters.size > MAX_CHARACTERS ? [" …"] : [])];
}

// Invisible characters as their code points, marks on a dotted circle.
function visible(char) {
    if (/[\p{C}\p{Z}]/u.test(char))
        return `U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    return /\p{M}/u.test(char) ? `◌${char}` : char;
}

function languageOf(node) {
    const holder = node.closest("[lang]");
    if (holder) return holder.getAttribute("lang");
    const { host } = node.getRootNode();
    return host ? languageOf(host) : "";
}

const formats = new Map();

function formatsOf(lang) {
    if (!formats.has(lang)) {
        let locale; // that of the browser, if the page's is missing or malformed
        try {
            [locale] = Intl.getCanonicalLocales(lang || []);
        } catch {}
        formats.set(lang, {
            plurals: new Intl.PluralRules(locale), numbers: new Intl.NumberFormat(locale),
        });
    }
    return formats.get(lang);
}

if (!customElements.get("septet-counter")) customElements.define("septet-counter", SeptetCounter);
