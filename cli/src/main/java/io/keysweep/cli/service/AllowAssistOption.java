package io.keysweep.cli.service;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Defines the option by which an instance allows or forbids assist, which raises settings of its servers for a while. */
final class AllowAssistOption {

    @Option(
            names = "--assist",
            negatable = true,
            description = "let scans raise hz, active-expire-effort and lazyfree-lazy-expire of its servers for a"
                    + " while, so that their own expiry works harder; the former values come back. Or forbid it."
                    + " Default: what the ceilings of the project say, and else no")
    private @Nullable Boolean assist;

    /** Returns whether assist is allowed; null if the option was not given. */
    @Nullable Boolean allowed() {
        return assist;
    }
}
