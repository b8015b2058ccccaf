package io.keysweep.cli.sweep;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExclusiveOptions;
import io.keysweep.cli.shell.ExitCode;
import picocli.CommandLine.Option;

/**
 * Defines the options of assist for {@code keysweep sweep}. Assist raises settings of a server for a while, so that the
 * server itself removes more expired keys, and then restores them.
 */
final class AssistOptions {

    @Option(
            names = "--assist",
            description = "first make the server itself remove more expired keys for a while, then sweep. Raises hz and"
                    + " active-expire-effort, sets lazyfree-lazy-expire to yes, and puts the former values back before"
                    + " the sweep. Default: changes no setting")
    private boolean assist;

    @Option(
            names = "--assist-only",
            description = "as --assist, without a sweep after it. Leaves expired keys, up to about 1 %% of the keys"
                    + " with a TTL")
    private boolean assistOnly;

    /**
     * Returns whether the user allows assist, which raises settings of the server, with or without a sweep after it.
     */
    boolean allowed() {
        return assist || assistOnly;
    }

    /**
     * Returns whether no sweep follows the assist.
     *
     * @param purge whether the user asks for MEMORY PURGE, which is part of a sweep
     * @throws CommandFailure if {@code --assist} and {@code --assist-only} are both given, or if no sweep follows and
     *     {@code purge} is true
     */
    boolean isOnlyAssist(boolean purge) {
        ExclusiveOptions.refuseBoth("--assist", assist, "--assist-only", assistOnly);
        if (assistOnly && purge) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--assist-only and --purge exclude each other, as MEMORY PURGE ends a sweep");
        }
        return assistOnly;
    }
}
