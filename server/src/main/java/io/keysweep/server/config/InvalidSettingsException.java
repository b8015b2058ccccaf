package io.keysweep.server.config;

import java.util.List;

/** Reports that the service cannot start with its settings, and names all problems, not only the first one. */
public final class InvalidSettingsException extends RuntimeException {

    private final List<String> problems;

    /**
     * Creates the exception.
     *
     * @param problems one sentence for each problem; at least one
     */
    public InvalidSettingsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns one sentence for each problem: the key of the setting, where it was set, its value and the rule. */
    public List<String> problems() {
        return problems;
    }
}
