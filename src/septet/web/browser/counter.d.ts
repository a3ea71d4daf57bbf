/** The custom element `<septet-counter for="ID">`; importing this module defines it. */

import type { Analysis } from "./septet.js";

/** Shows how many segments the text of a field takes, while it is typed. */
declare class SeptetCounter extends HTMLElement {
    /** The analysis of the text that was counted last; null without a field. */
    get analysis(): Analysis | null;
    /** Counts again; needed after a script has changed the value of the field. */
    update(): void;
}

declare global {
    interface HTMLElementTagNameMap {
        "septet-counter": SeptetCounter;
    }
    interface HTMLElementEventMap {
        /** Sent after every count. */
        "septet-count": CustomEvent<Analysis>;
    }
}

export type { SeptetCounter };
