package io.keysweep.server.error;

/** Renders refused requests as HTML pages of the web console. */
public interface ErrorPageRenderer {

    /** Returns a complete HTML page that says what was refused and links to a page to continue from. */
    String page(RequestRefusedException refusal);
}
