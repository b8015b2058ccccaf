package io.keysweep.server.console.fleet;

import io.keysweep.server.instance.InstanceObservation;
import io.keysweep.server.instance.InstanceTags;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Describes one instance by the values with which the overview sorts, filters and counts instances.
 *
 * @param id id of the instance
 * @param name name of the instance
 * @param uri address of the instance without credentials
 * @param tags tags of the instance
 * @param observation result of the last inspection of the server; null before the first inspection
 * @param problem why the instance cannot be swept, by its last inspection. If it can be swept: the servers whose
 *     settings assist has left raised. Null if there is no problem
 * @param health the state of the instance and its last scan
 * @param scannedAt when the last scan was created; null if there is none, or if the caller is not allowed to see scans
 * @param deadKeys estimated backlog (number of dead keys); null if there is no estimate, or if a scan has succeeded
 *     since
 * @param deadBytes estimated memory of the backlog in bytes; null if it is not known
 * @param reclaimedDay keys that scans have reclaimed in the last 24 hours
 * @param reclaimedMonth keys that scans have reclaimed in the last 30 days
 */
record FleetRow(
        UUID id,
        String name,
        String uri,
        InstanceTags tags,
        @Nullable InstanceObservation observation,
        @Nullable String problem,
        Health health,
        @Nullable Instant scannedAt,
        @Nullable Long deadKeys,
        @Nullable Long deadBytes,
        long reclaimedDay,
        long reclaimedMonth) {

    /** Lists the states that an instance can have. The states that need an operator come first. */
    enum Health {
        /** The last inspection has found that the instance cannot be swept, or assist has left settings raised. */
        PROBLEM,
        /** The last scan has failed. */
        FAILED,
        /** A scan is active and held, so it removes no keys at present. */
        HELD,
        /** A scan is active and waits for a worker. */
        WAITING,
        /** A scan is running. */
        RUNNING,
        /** The instance was never scanned. */
        NEW,
        /** The last scan has succeeded. */
        OK;

        /** Returns the name in URLs and style sheets, which is also the end of the key in the message catalogue. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the kind and version of the server, by which the overview filters; empty if they are not known. */
    public String server() {
        InstanceObservation lastObservation = observation;
        return lastObservation == null || lastObservation.version() == null
                ? ""
                : String.valueOf(lastObservation.flavour()).toLowerCase(Locale.ROOT) + " " + lastObservation.version();
    }
}
