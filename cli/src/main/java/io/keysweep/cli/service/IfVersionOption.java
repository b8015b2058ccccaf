package io.keysweep.cli.service;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Defines {@code --if-version}. If the option is given, the service refuses a change when another user has made a
 * change since this user read the version.
 */
final class IfVersionOption {

    @Option(
            names = "--if-version",
            paramLabel = "N",
            description = "make the change only if the version is still N. 'get' and 'list --json' show the version")
    private @Nullable Integer version;

    /**
     * Returns the {@code If-Match} header for the request, for example {@code "3"}, or no header if the option is not
     * given.
     */
    Map<String, String> headers() {
        return ServiceClient.ifMatch(version);
    }
}
