package io.keysweep.server.config;

import java.util.List;

/** The settings do not let the service start; carries every problem found, not only the first. */
public final class InvalidSettingsException extends RuntimeException {

    private final List<String> problems;

    /** With at least one problem. */
    public InvalidSettingsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence a problem: the key, where it was set, its value and the rule. */
    public List<String> problems() {
        return problems;
    }
}
