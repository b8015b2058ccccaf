package io.keysweep.server.scan;

import java.util.Map;

final class H2NativeScansIT extends NativeScansContract {

    @Override
    Map<String, String> variables() {
        return Map.of();
    }
}
