// How the search orders its results: pages for users come before names, and sections before pages.
const ORDER = [
    [/^(architecture|changelog|contributing|performance|explanation\/kernels)$/, -4],
    [/^reference\//, -3],
    [/^how-to\//, 1],
    [/^questions$/, 2],
];
var Scorer = {
    score: ([page, , anchor, , score, , kind]) => {
        if (kind === "object") return score;
        const ofPage = ORDER.find(([pages]) => pages.test(page))?.[1] ?? 0;
        return score + ofPage + (kind === "title" && anchor ? 3 : 0);
    },
    objNameMatch: 11,
    objPartialMatch: 4,
    objPrio: {0: 1, 1: 0, 2: -5}, // modules before their members
    objPrioDefault: 0,
    title: 15,
    partialTitle: 7,
    term: 5,
    partialTerm: 2,
};
// Words of questions that say nothing about the subject.
for (const word of ["can", "get", "many", "much", "need", "use", "want", "will"]) stopwords.add(word);
