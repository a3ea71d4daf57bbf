// septet in JavaScript: what an SMS is billed as, counted by the same core as in Python.
//
// The core is a WebAssembly module, built from the C source of septet. This script writes texts to
// its memory and makes objects of the results; it counts nothing itself. Types are in septet.d.ts.
// Copyright the septet authors, Apache-2.0.

// septet.web.browser.files fills in these two: the module as base64, and facts from Python.
const MODULE = "";
const FACTS = {};

// What the core takes and returns as numbers; module.c has them too.
const ENCODINGS = [null, "gsm7", "ucs2"];
const LEVELS = ["punctuation", "letters"];
const WHEN = ["helps", "cheaper", "always"];
const CLUSTER_RULES = ["unicode", "unicode-10"];
const LACKS_MEMORY = -1;
const LACKS_ENCODING = -2;

const RESULTS = 8;

const OPTIONS = ["encoding", "referenceBits", "languages", "keepGraphemes", "headerOctets", "provider"];

const core = await loadCore();
const resultsAddress = core.start();
let units = new Uint16Array(0); // the text buffer, and all memory behind it
let found = new Int32Array(0); // the numbers that the core leaves as results
let configured = null; // the rules that the core counts by

/** The version of septet. */
const version = FACTS.version;

/** The version of Unicode by which grapheme clusters, marks and compositions are found. */
const unicodeVersion = FACTS.unicodeVersion;

/** The names of the national languages that the option `languages` takes. */
const languages = Object.freeze(Object.keys(FACTS.languages));

/** The names of the providers whose published rules the option `provider` applies. */
const providers = Object.freeze(Object.keys(FACTS.providers));

/** GSM-7 is forced, and the text has a character that is not in it. */
class EncodingError extends Error {
    /**
     * @param {string} char The character.
     * @param {number} index Its index in the text.
     */
    constructor(char, index) {
        super(`character ${JSON.stringify(char)} at index ${index} is not in the GSM 7-bit alphabet`);
        this.name = "EncodingError";
        this.char = char;
        this.index = index;
    }
}

/** Counts, splits and rewrites texts by some options, which never change. */
class Segmenter {
    #rules;

    /**
     * @param {object} [options]
     * @param {"gsm7" | "ucs2" | null} [options.encoding] The encoding that is forced; null uses
     *     GSM-7 if the text allows it, else UCS-2.
     * @param {8 | 16} [options.referenceBits] Width of the concatenation reference: 8 (the default)
     *     leaves 153 septets or 67 code units to each of several segments, 16 leaves 152 or 66.
     * @param {string[]} [options.languages] National languages whose shift tables may be used.
     * @param {boolean} [options.keepGraphemes] Never split a grapheme cluster that fits into a segment.
     * @param {number} [options.headerOctets] Octets of other elements in every header.
     * @param {string | null} [options.provider] One of `providers`: its published rules apply, but
     *     options that are given override them.
     * @throws {TypeError} An option has the wrong type, or is unknown.
     * @throws {RangeError} An option has a value that is not allowed.
     */
    constructor(options) {
        this.#rules = readOptions(options);
    }

    /** The encoding that is forced; null if the text decides. */
    get encoding() { return this.#rules.encoding; }

    /** Width of the concatenation reference, in bits. */
    get referenceBits() { return this.#rules.referenceBits; }

    /** The national languages whose shift tables may be used. */
    get languages() { return this.#rules.languages; }

    /** Whether grapheme clusters are kept whole. */
    get keepGraphemes() { return this.#rules.keepGraphemes; }

    /** Octets of other information elements in the header of every segment. */
    get headerOctets() { return this.#rules.headerOctets; }

    /** The name of the provider whose rules apply, or null. */
    get provider() { return this.#rules.provider; }

    /**
     * Return how many segments a text is billed as. Empty text is one segment.
     *
     * @param {string} text Any text; it is not normalised.
     * @returns {number}
     * @throws {EncodingError} GSM-7 is forced and the text has another character.
     */
    count(text) {
        const segmentCount = core.count(write(text, this.#rules));
        return segmentCount > 0 ? segmentCount : refuse(segmentCount, text);
    }

    /**
     * Return the encoding, units and segments of a text, and the characters that force UCS-2.
     *
     * @param {string} text Any text; it is not normalised.
     * @throws {EncodingError} GSM-7 is forced and the text has another character.
     */
    analyze(text) {
        const rules = this.#rules;
        const outcome = core.analyze(write(text, rules));
        if (outcome < 0) refuse(outcome, text);
        const numbers = results();
        const isUcs2 = numbers[0] === 1;
        const analysis = {
            encoding: isUcs2 ? "ucs2" : "gsm7",
            unitCount: numbers[1],
            segmentCount: numbers[2],
            unitsLeft: numbers[3],
            nonGsmCharacters: [],
            lockingShift: languageOf(numbers[4]),
            singleShift: languageOf(numbers[5]),
            exceededLimits: findExceeded(rules.limits, isUcs2, numbers[6], numbers[2]),
        };
        if (isUcs2) analysis.nonGsmCharacters = findNonGsm(text);
        return analysis;
    }

    /**
     * Return the segments of a text, as many as `count` says; their bodies, joined, are the text.
     *
     * @param {string} text Any text; it is not normalised.
     * @throws {EncodingError} GSM-7 is forced and the text has another character.
     */
    split(text) {
        const total = core.split(write(text, this.#rules));
        if (total < 0) refuse(total, text);
        const ends = list(results()[0], 2 * total);
        return Array.from({ length: total }, (_, index) => {
            const start = index ? ends[2 * index - 2] : 0;
            const stop = ends[2 * index];
            const unitCount = ends[2 * index + 1];
            return { body: text.slice(start, stop), unitCount, start, stop, sequence: index + 1, total };
        });
    }

    /**
     * Replace the characters that GSM-7 lacks by characters that it has.
     *
     * @param {string} text Any text.
     * @param {"punctuation" | "letters"} [level] What to replace: signs, or letters too.
     * @param {"helps" | "cheaper" | "always"} [when] Replace only if the text is GSM-7 then and takes
     *     no more segments ("helps"), only if it takes fewer ("cheaper"), or always.
     * @throws {RangeError} `level` or `when` is unknown.
     * @throws {EncodingError} `when` is "cheaper", GSM-7 is forced and the text has another character.
     */
    transliterate(text, level = "punctuation", when = "helps") {
        oneOf("level", level, LEVELS);
        oneOf("when", when, WHEN);
        const length = write(text, this.#rules);
        const count = core.transliterate(length, LEVELS.indexOf(level), WHEN.indexOf(when));
        if (count < 0) refuse(count, text);
        if (count === 0) return { text, replacements: [] };
        const records = list(results()[0]);
        const replacements = [];
        let result = "";
        let copied = 0;
        for (let at = 0; replacements.length < count; ) {
            const index = records[at];
            const end = index + records[at + 1];
            const next = at + 3 + records[at + 2];
            const replacement = String.fromCodePoint(...records.subarray(at + 3, next));
            replacements.push({ char: text.slice(index, end), replacement, index });
            result += text.slice(copied, index) + replacement;
            copied = end;
            at = next;
        }
        return { text: result + text.slice(copied), replacements };
    }
}

const defaultSegmenter = new Segmenter();
const segmenterFor = options => (options === undefined ? defaultSegmenter : new Segmenter(options));

/** `Segmenter.count` with the options of a `Segmenter`. */
function count(text, options) {
    return segmenterFor(options).count(text);
}

/** `Segmenter.analyze` with the options of a `Segmenter`. */
function analyze(text, options) {
    return segmenterFor(options).analyze(text);
}

/** `Segmenter.split` with the options of a `Segmenter`. */
function split(text, options) {
    return segmenterFor(options).split(text);
}

/** `Segmenter.transliterate` with the options of a `Segmenter`, and `level` and `when`. */
function transliterate(text, { level, when, ...options } = {}) {
    return new Segmenter(options).transliterate(text, level, when);
}

/**
 * Return how an RCS message is billed: in the US per 160 bytes of text, elsewhere per message.
 *
 * @param {string} text The text; a lone surrogate counts as three bytes.
 * @param {object} [options]
 * @param {"us" | "standard"} [options.billing] "us", or "standard" for all other countries.
 * @param {boolean} [options.hasMedia] Whether the message holds more than text and suggestions.
 * @param {boolean} [options.hasSuggestions] Whether it has suggested replies.
 * @throws {RangeError} `billing` is neither of these.
 */
function rcs(text, { billing = "us", hasMedia = false, hasSuggestions = false } = {}) {
    oneOf("billing", billing, ["us", "standard"]);
    checkText(text);
    const richCount = core.countRcs(copy(text));
    const byteCount = results()[0];
    if (billing === "us")
        return { kind: hasMedia ? "rich_media" : "rich", byteCount, segmentCount: hasMedia ? 1 : richCount };
    const isBasic = richCount <= 1 && !hasMedia && !hasSuggestions;
    return {
        kind: isBasic ? "basic" : "single",
        byteCount,
        segmentCount: hasMedia ? 1 : Math.min(richCount, 1),
    };
}

async function loadCore() {
    // Newer engines decode base64 themselves, in a tenth of the time.
    const bytes = Uint8Array.fromBase64?.(MODULE) ?? decode(atob(MODULE));
    return (await WebAssembly.instantiate(bytes)).instance.exports;
}

function decode(binary) {
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index);
    return bytes;
}

/** Check options, and return them with what the core needs to know. */
function readOptions(options = {}) {
    if (options === null || typeof options !== "object")
        throw new TypeError(`options must be an object, not ${typeName(options)}`);
    for (const name of Object.keys(options))
        if (!OPTIONS.includes(name)) throw new TypeError(`there is no option ${JSON.stringify(name)}`);
    const { encoding = null, languages: names = [], headerOctets = 0, provider = null } = options;
    const published = provider === null ? {} : FACTS.providers[oneOf("provider", provider, providers)];
    const { referenceBits = published.referenceBits ?? 8 } = options;
    const { keepGraphemes = published.keepGraphemes ?? false } = options;
    oneOf("encoding", encoding, ENCODINGS);
    oneOf("referenceBits", referenceBits, [8, 16]);
    if (!Array.isArray(names)) throw new TypeError(`languages must be an array, not ${typeName(names)}`);
    if (typeof keepGraphemes !== "boolean")
        throw new TypeError(`keepGraphemes must be a boolean, not ${typeName(keepGraphemes)}`);
    for (const name of names) oneOf("a language", name, languages);
    const known = languages.filter(name => names.includes(name));
    const bits = known.reduce((all, name) => all | (1 << FACTS.languages[name]), 0);
    const numbers = [ENCODINGS.indexOf(encoding), referenceBits, bits];
    const maxOctets = core.maxHeaderOctets(...numbers);
    if (!Number.isInteger(headerOctets))
        throw new TypeError(`headerOctets must be an integer, not ${shown(headerOctets)}`);
    if (headerOctets < 0 || headerOctets > maxOctets)
        throw new RangeError(
            `headerOctets must be 0 to ${maxOctets} beside the other elements, not ${headerOctets}`
        );
    const clusters = keepGraphemes ? CLUSTER_RULES.indexOf(published.clusterRules ?? "unicode") : -1;
    return Object.freeze({
        encoding,
        referenceBits,
        languages: Object.freeze(known),
        keepGraphemes,
        headerOctets,
        provider,
        excluded: published.excluded ?? "",
        limits: [...(published.limits ?? []), FACTS.segmentLimit],
        numbers: [...numbers, clusters, headerOctets],
    });
}

function oneOf(name, value, values) {
    if (!values.includes(value))
        throw new RangeError(`${name} must be one of ${values.map(String).join(", ")}, not ${shown(value)}`);
    return value;
}

const shown = value => (typeof value === "string" ? JSON.stringify(value) : String(value));

const typeName = value => (value === null ? "null" : Array.isArray(value) ? "an array" : typeof value);

/** Write a text where the core reads it, have the core count by some rules, and return the length. */
function write(text, rules) {
    checkText(text);
    if (configured !== rules) {
        configured = null;
        core.configure(...rules.numbers, copy(rules.excluded));
        configured = rules;
    }
    return copy(text);
}

function checkText(text) {
    if (typeof text !== "string") throw new TypeError(`text must be a string, not ${typeName(text)}`);
}

function copy(text) {
    const { length } = text;
    if (length > units.length) {
        const address = core.reserve(length);
        if (address === 0) refuse(LACKS_MEMORY, text);
        units = new Uint16Array(core.memory.buffer, address);
    }
    for (let index = 0; index < length; index++) units[index] = text.charCodeAt(index);
    return length;
}

/** Return the numbers that the core left as results. */
function results() {
    // When the memory grows, views of it become empty.
    if (found.length === 0) found = new Int32Array(core.memory.buffer, resultsAddress, RESULTS);
    return found;
}

/** Return the numbers of a list at an address, or all up to the end of the memory. */
function list(address, length) {
    return new Int32Array(core.memory.buffer, address, length);
}

function refuse(outcome, text) {
    if (outcome === LACKS_ENCODING) {
        const [index, codePoint] = results();
        throw new EncodingError(String.fromCodePoint(codePoint), index);
    }
    throw new RangeError(`a text of ${text.length} code units needs more memory than there is`);
}

function findNonGsm(text) {
    const length = core.findNonGsm(text.length);
    if (length < 0) refuse(length, text);
    return Array.from(list(results()[0], length), index => ({
        char: String.fromCodePoint(text.codePointAt(index)),
        index,
    }));
}

/** Return the name of the language with an identifier, which is 0 for none. */
const languageOf = identifier => (identifier ? languages[identifier - 1] : null);

function findExceeded(limits, isUcs2, characters, segmentCount) {
    const values = {
        max_characters: characters,
        [isUcs2 ? "max_ucs2_characters" : "max_gsm7_characters"]: characters,
        max_segments: segmentCount,
    };
    return limits
        .filter(({ limit, allowed }) => values[limit] > allowed)
        .map(({ limit, allowed, source }) => ({ limit, allowed, actual: values[limit], source }));
}

export {
    EncodingError, Segmenter, analyze, count, languages, providers, rcs, split, transliterate,
    unicodeVersion, version,
};
