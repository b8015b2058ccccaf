package io.keysweep.server.sweep;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives workers access to the scans that their sweeps belong to.
 *
 * <p>A sweep is the part of a scan that visits one primary. The package {@code server.scan} implements this interface,
 * because it depends on this package and not the other way round. The implementation is {@code ScanTransitions}.
 */
public interface SweptScans {

    /** Returns the scan if it is active, that is, waits or runs; otherwise empty. */
    Optional<SweptScan> findActive(UUID scanId);

    /**
     * Marks a waiting scan as running from {@code now} on. A scan that is already running keeps its start time.
     *
     * @param createdAt when the scan was created; the start is never before this time, even if the clocks of two
     *     processes differ
     * @return when the scan began, or empty if it has ended
     */
    Optional<Instant> start(UUID scanId, Instant createdAt, Instant now);
}
