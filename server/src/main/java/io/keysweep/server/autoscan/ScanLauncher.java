package io.keysweep.server.autoscan;

import io.keysweep.server.instance.Instance;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Creates automatic scans, and reports whether a scan of an instance is active.
 *
 * <p>The classes of this package that start scans use it. {@link AutoScanLauncher} is the implementation; tests use
 * other implementations.
 */
interface ScanLauncher {

    /** Returns whether a scan of the instance is waiting or running. */
    boolean isScanActive(UUID instanceId);

    /**
     * Creates an automatic scan of an instance and returns the id of the scan.
     *
     * @param config the schedule that sets the timeout and the rate ceiling (the most keys visited a second); null for
     *     the timeout of a manual scan and no ceiling
     * @param cause what makes the scan due
     * @param reason why the scan starts, as a sentence for users
     * @param pass the limits of a pass (a scan that keeps the number of dead keys, that is, of expired keys that still
     *     hold memory, below the backlog target). Null for any other scan, which has the pace of the settings
     * @throws io.keysweep.server.error.RequestRefusedException if a scan of the instance is active
     */
    UUID launch(
            Instance instance,
            @Nullable AutoScanConfig config,
            Start.Cause cause,
            String reason,
            @Nullable PassLimits pass);
}
