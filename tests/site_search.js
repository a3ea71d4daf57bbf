// node site_search.js SITE QUERIES: the site's own search, without a page. QUERIES is a list in JSON;
// prints the addresses that are found for each, best first, as JSON too.

const {readFileSync} = require("fs");
const {runInThisContext} = require("vm");

// What searchtools.js expects of a page.
globalThis.window = globalThis;
globalThis.document = {getElementById: () => null};
globalThis._ready = () => {};
globalThis._ = text => text;
globalThis.SPHINX_HIGHLIGHT_ENABLED = false;

const [site, queries] = process.argv.slice(2);
for (const name of ["_static/searchtools.js", "_static/language_data.js", "searchindex.js"])
    runInThisContext(readFileSync(`${site}/${name}`, "utf8"), name);
const search = runInThisContext("Search");

const found = JSON.parse(queries).map(query =>
    search._performSearch(...search._parseQuery(query)).reverse()
        .map(([page, , anchor]) => page + anchor));
console.log(JSON.stringify(found));
