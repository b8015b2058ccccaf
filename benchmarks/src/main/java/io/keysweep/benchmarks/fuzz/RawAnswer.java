package io.keysweep.benchmarks.fuzz;

import java.util.Locale;

/**
 * Holds one HTTP response as it was received, see {@link Octets}.
 *
 * @param status the status, such as 200
 * @param head the status line and the headers
 * @param body the body without its framing
 */
record RawAnswer(int status, String head, String body) {

    /** Returns whether the response has a header with this name; upper and lower case are equal. */
    boolean has(String header) {
        return head.toLowerCase(Locale.ROOT).contains("\r\n" + header.toLowerCase(Locale.ROOT) + ":");
    }

    /** Returns whether the body is a page for browsers. */
    boolean isHtml() {
        return head.toLowerCase(Locale.ROOT).contains("\r\ncontent-type: text/html");
    }
}
