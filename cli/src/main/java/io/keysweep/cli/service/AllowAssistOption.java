package io.keysweep.cli.service;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Defines the option with which an instance allows or forbids assist. Assist raises settings of the instance's servers
 * for a while.
 */
final class AllowAssistOption {

    @Option(
            names = "--assist",
            negatable = true,
            description = "let scans raise hz, active-expire-effort and lazyfree-lazy-expire of the instance's"
                    + " servers for a while, so that the servers themselves remove more expired keys;"
                    + " --no-assist forbids it. Default: what the ceilings of the project say, else forbidden")
    private @Nullable Boolean assist;

    /** Returns whether assist is allowed; null if the option was not given. */
    @Nullable Boolean allowed() {
        return assist;
    }
}
