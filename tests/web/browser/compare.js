// Compares what the module answers with what Python did: see tests/browser_cases.py.

function outcome(key, call) {
    try {
        return [key, call()];
    } catch (error) {
        if (error.name !== "EncodingError") throw error;
        return [`${key}Error`, { char: error.char, index: error.index }];
    }
}

function answers(septet, { text, options, level, when }) {
    const segmenter = new septet.Segmenter(options);
    const [key, analysis] = outcome("analysis", () => segmenter.analyze(text));
    const found = {};
    if (key === "analysis") {
        found.analysis = analysis;
        const segments = segmenter.split(text);
        found.segments = segments.map(segment => [segment.body, segment.unitCount, segment.start, segment.stop]);
        const numbered = segments.every(
            (segment, index) => segment.sequence === index + 1 && segment.total === segments.length
        );
        if (segmenter.count(text) !== segments.length || !numbered) found.segments = "numbered wrongly";
    } else {
        found.error = analysis;
    }
    const [name, result] = outcome("transliteration", () => segmenter.transliterate(text, level, when));
    // Where the index is in is either text.
    found[name] = name === "transliteration" ? result : { unit: result.char[0] };
    found.rcs = septet.rcs(text);
    return found;
}

/** Return the cases that the module answers otherwise, with its answers as `found`. */
export function differences(septet, cases) {
    return cases.flatMap(({ text, options, level, when, ...expected }) => {
        const found = answers(septet, { text, options, level, when });
        return JSON.stringify(found) === JSON.stringify(expected)
            ? [] : [{ text, options, level, when, expected, found }];
    });
}
