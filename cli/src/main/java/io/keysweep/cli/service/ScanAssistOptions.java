package io.keysweep.cli.service;

import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Defines the options that say whether a new scan uses assist. Assist makes the servers themselves remove more expired
 * keys for a while.
 */
final class ScanAssistOptions {

    @Option(
            names = "--assist",
            description = "first raise settings of the servers for a while, so that the servers themselves remove"
                    + " more expired keys, and restore the settings; then sweep. This is the default if the instance"
                    + " allows assist")
    private boolean assist;

    @Option(
            names = "--assist-only",
            description = "as --assist, without a sweep after it. Leaves expired keys, up to about 1 %% of the keys"
                    + " with a TTL")
    private boolean assistOnly;

    @Option(names = "--no-assist", description = "only sweep, also if the instance allows assist")
    private boolean noAssist;

    /**
     * Returns the value of the field {@code assist}; null if no option was given.
     *
     * @throws CommandFailure if more than one option was given
     */
    @Nullable String mode() {
        if (Stream.of(assist, assistOnly, noAssist).filter(given -> given).count() > 1) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--assist, --assist-only and --no-assist exclude each other: give only one of them");
        }
        if (assist) {
            return "before";
        }
        if (assistOnly) {
            return "only";
        }
        return noAssist ? "none" : null;
    }
}
