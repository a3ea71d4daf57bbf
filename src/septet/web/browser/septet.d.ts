/** What an SMS is billed as, counted by the same core as in Python. Indexes are in UTF-16 code units. */

/** GSM 7-bit or UCS-2. */
export type Encoding = "gsm7" | "ucs2";

/** The options of a segmenter. */
export interface Options {
    /** The encoding that is forced; null uses GSM-7 if the text allows it, else UCS-2. */
    encoding?: Encoding | null;
    /** Width of the concatenation reference in bits: 8 is the default. */
    referenceBits?: 8 | 16;
    /** National languages whose shift tables may be used, from `languages`. */
    languages?: readonly string[];
    /** Never split a grapheme cluster that fits into a segment. */
    keepGraphemes?: boolean;
    /** Octets of other elements in every header. */
    headerOctets?: number;
    /** One of `providers`: its published rules apply, but options that are given override them. */
    provider?: string | null;
}

/** A character that forces a text into UCS-2. */
export interface NonGsmCharacter {
    char: string;
    index: number;
}

/** A limit that a text exceeds. */
export interface ExceededLimit {
    /** The name of the rule, such as "max_segments". */
    limit: string;
    /** The highest value that is allowed. */
    allowed: number;
    /** The value of the text. */
    actual: number;
    /** The page or clause that states the limit. */
    source: string;
}

/** How a text is counted. */
export interface Analysis {
    encoding: Encoding;
    /** Septets (GSM-7) or code units (UCS-2) of the text, without any header. */
    unitCount: number;
    /** Segments that are billed. */
    segmentCount: number;
    /** Units that still fit into the last segment. */
    unitsLeft: number;
    /** The characters that force UCS-2, each time they occur. */
    nonGsmCharacters: NonGsmCharacter[];
    /** The language whose table replaces the default alphabet, if any. */
    lockingShift: string | null;
    /** The language whose table replaces the extension table, if any. */
    singleShift: string | null;
    /** The limits that the text exceeds: the provider's first, then the standard's. */
    exceededLimits: ExceededLimit[];
}

/** One billed short message of a text. */
export interface Segment {
    body: string;
    /** Septets or code units of the body, without any header. */
    unitCount: number;
    /** Index in the text of the first code unit of the segment. */
    start: number;
    /** Index in the text after its last one. */
    stop: number;
    /** Number of the segment, from 1. */
    sequence: number;
    /** Segments of the text. */
    total: number;
}

/** One replacement in a text. */
export interface Replacement {
    /** What was replaced: a character, with the combining marks that are part of it. */
    char: string;
    /** The text in its place; may be empty. */
    replacement: string;
    /** Index of the character in the original text. */
    index: number;
}

/** A text after replacements. */
export interface Transliteration {
    text: string;
    /** The replacements, in the order of the text. */
    replacements: Replacement[];
}

/** What is replaced: signs, or Latin and Greek letters too. */
export type Level = "punctuation" | "letters";

/**
 * When a text is replaced: if it is GSM-7 then and takes no more segments, if it takes fewer, or
 * always.
 */
export type When = "helps" | "cheaper" | "always";

/** How an RCS message is billed. */
export interface RcsAnalysis {
    /** Rich or rich media in the US, basic or single elsewhere. */
    kind: "rich" | "rich_media" | "basic" | "single";
    /** The bytes of the text in UTF-8. */
    byteCount: number;
    /** How often the price applies; 0 for nothing but empty text. */
    segmentCount: number;
}

/** GSM-7 is forced, and the text has a character that is not in it. */
export class EncodingError extends Error {
    constructor(char: string, index: number);
    readonly char: string;
    readonly index: number;
}

/** Counts, splits and rewrites texts by some options, which never change. */
export class Segmenter {
    /**
     * @throws {TypeError} An option has the wrong type, or is unknown.
     * @throws {RangeError} An option has a value that is not allowed.
     */
    constructor(options?: Options);
    get encoding(): Encoding | null;
    get referenceBits(): 8 | 16;
    get languages(): readonly string[];
    get keepGraphemes(): boolean;
    get headerOctets(): number;
    get provider(): string | null;
    /** Return how many segments a text is billed as. Empty text is one segment. */
    count(text: string): number;
    /** Return the encoding, units and segments of a text, and the characters that force UCS-2. */
    analyze(text: string): Analysis;
    /** Return the segments of a text; their bodies, joined, are the text again. */
    split(text: string): Segment[];
    /** Replace the characters that GSM-7 lacks; "punctuation" and "helps" are the defaults. */
    transliterate(text: string, level?: Level, when?: When): Transliteration;
}

/** Return how many segments a text is billed as. */
export function count(text: string, options?: Options): number;
/** Return the encoding, units and segments of a text, and the characters that force UCS-2. */
export function analyze(text: string, options?: Options): Analysis;
/** Return the segments of a text; their bodies, joined, are the text again. */
export function split(text: string, options?: Options): Segment[];
/** Replace the characters that GSM-7 lacks by characters that it has. */
export function transliterate(
    text: string,
    options?: Options & { level?: Level; when?: When },
): Transliteration;
/** Return how an RCS message is billed: in the US per 160 bytes of text, elsewhere per message. */
export function rcs(
    text: string,
    options?: { billing?: "us" | "standard"; hasMedia?: boolean; hasSuggestions?: boolean },
): RcsAnalysis;

/** The names of the national languages that the option `languages` takes. */
export const languages: readonly string[];
/** The names of the providers whose published rules the option `provider` applies. */
export const providers: readonly string[];
/** The version of septet. */
export const version: string;
/** The version of Unicode by which grapheme clusters, marks and compositions are found. */
export const unicodeVersion: string;
