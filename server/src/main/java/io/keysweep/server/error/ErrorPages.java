package io.keysweep.server.error;

/** Errors as pages for people, of the web console. */
public interface ErrorPages {

    /** A whole HTML page that says in plain words what was refused and where to go on. */
    String page(RequestRefusedException refusal);
}
