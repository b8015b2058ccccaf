package io.keysweep.server.scan;

import io.keysweep.server.control.Intervention;
import org.jspecify.annotations.Nullable;

/** How a scan that was cancelled says so: it has failed, by somebody's will. */
final class ScanCancel {

    private ScanCancel() {}

    static String failure(@Nullable Intervention cancel) {
        return cancel == null ? "Cancelled." : "Cancelled " + cancel;
    }
}
