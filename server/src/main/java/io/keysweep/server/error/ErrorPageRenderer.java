package io.keysweep.server.error;

/** Renders refused requests as HTML pages; the web console implements this interface. */
public interface ErrorPageRenderer {

    /** Returns a complete HTML page that says why the request was refused and links to a page to continue from. */
    String page(RequestRefusedException refusal);
}
