package io.keysweep.server.notify;

import java.util.Map;

/** Runs {@link ScanNoticesContract} on an H2 file. */
final class H2ScanNoticesIT extends ScanNoticesContract {

    @Override
    Map<String, String> variables() {
        // The default database is H2.
        return Map.of();
    }
}
