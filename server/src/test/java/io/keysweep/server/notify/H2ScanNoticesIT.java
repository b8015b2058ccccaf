package io.keysweep.server.notify;

import java.util.Map;

final class H2ScanNoticesIT extends ScanNoticesContract {

    @Override
    Map<String, String> variables() {
        return Map.of();
    }
}
