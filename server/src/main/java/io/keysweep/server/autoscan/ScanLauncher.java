package io.keysweep.server.autoscan;

import io.keysweep.server.instance.Instance;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates automatic scans, and reports whether an instance is being scanned already. */
interface ScanLauncher {

    /** Returns whether a scan of the instance is waiting or running. */
    boolean isScanActive(UUID instanceId);

    /**
     * Creates an automatic scan of an instance and returns its id.
     *
     * @param config the configuration that sets timeout and rate ceiling, or null for the timeout of a manual scan and
     *     no rate ceiling
     * @throws io.keysweep.server.error.RequestRefusedException if a scan of the instance is active
     */
    UUID launch(Instance instance, @Nullable AutoScanConfig config);
}
