package io.keysweep.cli.service;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The version that the user has seen, so that nothing is changed that somebody else has changed since. */
final class IfVersionOption {

    @Option(
            names = "--if-version",
            paramLabel = "N",
            description = "only if nobody has changed it since it had that version, which 'get' or 'list --json' shows")
    private @Nullable Integer version;

    /** As the service is told it; nothing where the user says nothing. */
    Map<String, String> headers() {
        return version == null ? Map.of() : Map.of("If-Match", "\"" + version + "\"");
    }
}
