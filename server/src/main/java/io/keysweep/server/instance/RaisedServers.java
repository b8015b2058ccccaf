package io.keysweep.server.instance;

import io.keysweep.server.error.Phrase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Reports the servers of an instance whose settings assist has raised and the service has not restored yet.
 *
 * <p>Assist raises settings of a server for a while, so that the server itself removes more expired keys. Only the
 * current address and credentials of the instance lead to these servers, so the address must not change before they are
 * restored. The package {@code assist} implements this interface, because this package must not depend on that one.
 */
@FunctionalInterface
public interface RaisedServers {

    /**
     * The time after the end of the scan for which the address must not change. A server that has not answered for so
     * long will probably never answer again, and must not prevent the change for ever.
     */
    Duration LONGEST_WAIT = Duration.ofHours(1);

    /**
     * Names a server whose settings are raised.
     *
     * @param address address of the server
     * @param since when the scan that has raised the settings ended; the present time while that scan is active
     */
    record RaisedServer(String address, Instant since) {}

    /** Returns the server of an instance on which assist began last; empty if no settings are raised. */
    Optional<RaisedServer> findLatest(UUID instanceId);

    /**
     * Returns why the URI or the node map of an instance must not change now; empty if they may change. The text is the
     * end of a sentence that begins with the name of the field {@code uri}.
     */
    default Optional<Phrase> problemOfChange(UUID instanceId, Instant now) {
        return findLatest(instanceId)
                .filter(server -> now.isBefore(server.since().plus(LONGEST_WAIT)))
                .map(server -> Phrase.of(
                        " or nodeMap differs, but assist has raised settings of {0}: the service restores them as soon"
                                + " as that server answers. The change is possible then, and in any case from {1} on.",
                        server.address(), server.since().plus(LONGEST_WAIT)));
    }
}
