package io.keysweep.server.sweep;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Gives workers access to the scans that their sweeps are part of. The room of scans implements this interface. */
public interface SweptScans {

    /** Returns the scan if it waits or runs. */
    Optional<SweptScan> findActive(UUID scanId);

    /**
     * Moves a waiting scan to running; a running scan keeps its start.
     *
     * @return when the scan began, or empty if it has ended
     */
    Optional<Instant> start(UUID scanId, Instant now);
}
