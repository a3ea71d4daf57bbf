// What the page shows of a text, all counted by the core.

function details({ text: sent, segmenter, analysis, lastLevel }) {
    const segments = segmenter.split(sent);
    const levels = levelsOf(segmenter, sent, analysis);
    if (lastLevel) levels.push(lastLevel);
    const characters = charactersOf(segmenter, sent, analysis);
    return {
        ...analysis, text: sent, segments, levels, characters,
        unitLimit: segments.at(-1).unitCount + analysis.unitsLeft,
        unitsOver: unitsOver(segmenter, sent, analysis, characters),
        lineEnds: lineEndsOf(segmenter, sent, analysis, levels),
    };
}

// The levels of transliteration that change more than the level before them.
function levelsOf(segmenter, sent, { nonGsmCharacters }) {
    const levels = [];
    let previous = sent;
    for (const level of nonGsmCharacters.length ? ["punctuation", "letters"] : []) {
        const { text: changed, replacements } = segmenter.transliterate(sent, level, "always");
        if (changed === previous) continue;
        previous = changed;
        const { encoding, segmentCount } = segmenter.analyze(changed);
        levels.push({ level, text: changed, encoding, segmentCount, replacements });
        if (encoding === "gsm7") break; // deeper levels have nothing left to replace
    }
    return levels;
}

function charactersOf(segmenter, sent, analysis) {
    const characters = new Map();
    for (const char of sent) {
        const character = characters.get(char);
        if (character) character.count++;
        else characters.set(char, { char, count: 1, unitCount: unitsOf(segmenter, sent, analysis, char) });
    }
    for (const { char } of analysis.nonGsmCharacters) characters.get(char).forcesUcs2 = true;
    return characters;
}

function unitsOf(segmenter, sent, { encoding, unitCount, lockingShift, singleShift }, char) {
    if (encoding === "ucs2") return char.length;
    if (!lockingShift && !singleShift) return core.analyze(char).unitCount;
    return segmenter.analyze(sent + char).unitCount - unitCount; // by the tables of the whole text
}

// The units after the longest beginning that takes one segment less.
function unitsOver(segmenter, sent, { segmentCount }, characters) {
    if (segmentCount === 1) return 0;
    const starts = Array.from(new Intl.Segmenter().segment(sent), cluster => cluster.index);
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (segmenter.count(sent.slice(0, starts[middle])) < segmentCount) low = middle;
        else high = middle;
    }
    return Array.from(sent.slice(starts[low]), char => characters.get(char).unitCount)
        .reduce((sum, units) => sum + units, 0);
}

// The text with LF for CR LF, and with replacements too if both save more; null if that saves none.
function lineEndsOf(segmenter, sent, { segmentCount }, levels) {
    if (segmentCount === 1) return null;
    const replaced = levels.filter(({ encoding }) => encoding === "gsm7");
    const plans = [{ text: sent, level: null }, ...replaced].flatMap(({ text: changed, level }) => [
        { text: changed, level, isShorter: false },
        { text: changed.replaceAll("\r\n", "\n"), level, isShorter: true },
    ]);
    for (const plan of plans) plan.segmentCount = segmenter.count(plan.text);
    const best = plans.reduce((a, b) => (b.segmentCount < a.segmentCount ? b : a));
    return best.isShorter ? best : null;
}
