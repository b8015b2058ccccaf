package io.keysweep.server.config;

import java.util.Locale;

/** What a process of the service does. */
public enum Role {
    /** Answers requests. */
    API,
    /** Runs sweeps and all other executions. */
    WORKER;

    /** Lower case, as in settings. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
