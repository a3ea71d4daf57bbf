// What the theme leaves out for screen readers and keyboards.
document.addEventListener("DOMContentLoaded", () => {
    const set = (selector, attributes) => {
        for (const element of document.querySelectorAll(selector))
            for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    };
    set(".caption[role=heading]", {"aria-level": "2"});
    set(".sidebar-drawer", {"aria-label": "Pages"});
    set(".toc-drawer", {"aria-label": "Sections"});
    set(".content-icon-container", {"role": "navigation", "aria-label": "Source"});
    // The parameters of a long signature are a list of descriptions without terms.
    for (const list of document.querySelectorAll("dt.sig dl"))
        list.prepend(Object.assign(document.createElement("dt"), {hidden: true}));
    for (const element of document.querySelectorAll("pre, .table-wrapper"))
        if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
});
