// What TypeScript takes and refuses; test_types.py compiles it.
import * as septet from "./septet.js";

const options: septet.Options = {
    encoding: null,
    referenceBits: 16,
    languages: ["turkish"],
    keepGraphemes: true,
    headerOctets: 0,
    provider: "twilio",
};
const segmenter = new septet.Segmenter(options);
const segments: number = segmenter.count("text") + septet.count("text", { encoding: "gsm7" });
const analysis: septet.Analysis = septet.analyze("text", options);
const lines: string[] = [
    ...analysis.nonGsmCharacters.map(({ char, index }) => `${char} ${index.toFixed()}`),
    ...analysis.exceededLimits.map(({ limit, allowed, actual, source }) => `${limit} ${allowed + actual} ${source}`),
    ...septet.split("text").map(({ body, start, stop, sequence, total }) => body + (start + stop + sequence + total)),
];
const encoding: "gsm7" | "ucs2" = analysis.encoding;
const shifts: (string | null)[] = [analysis.lockingShift, analysis.singleShift, segmenter.provider];
const result: septet.Transliteration = septet.transliterate("text", { level: "letters", when: "always", ...options });
const replaced: string = segmenter.transliterate("text", "punctuation", "cheaper").replacements[0].replacement;
const kind: "rich" | "rich_media" | "basic" | "single" = septet.rcs("text", { billing: "standard", hasMedia: true }).kind;
const names: readonly string[] = [...septet.languages, ...septet.providers, septet.version, septet.unicodeVersion];
try {
    septet.count("é", { encoding: "gsm7" });
} catch (error) {
    if (error instanceof septet.EncodingError) console.log(error.char, error.index + 1, error.message);
}
console.log(segments, lines, encoding, shifts, result.text, replaced, kind, names);

// @ts-expect-error: an unknown option
septet.count("text", { referencebits: 8 });
// @ts-expect-error: an unknown value
septet.count("text", { referenceBits: 7 });
// @ts-expect-error: not a string
septet.count(5);
// @ts-expect-error: only what is built without packages
septet.transliterate("text", { level: "all" });
// @ts-expect-error: the options of a segmenter never change
segmenter.headerOctets = 5;
