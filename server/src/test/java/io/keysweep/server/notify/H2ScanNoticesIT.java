package io.keysweep.server.notify;

import java.util.Map;

/** Runs {@link ScanNoticesContract} on an H2 file. */
final class H2ScanNoticesIT extends ScanNoticesContract {

    @Override
    Map<String, String> variables() {
        return Map.of();
    }
}
