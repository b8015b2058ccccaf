package io.keysweep.server.scan;

import java.util.UUID;

/**
 * Names the sweep of one primary in one scan; its text is the id of the execution that does it.
 *
 * @param scanId the scan
 * @param nodeId {@code host:port} of the primary
 */
record SweepKey(UUID scanId, String nodeId) {

    static SweepKey parse(String text) {
        int slash = text.indexOf('/');
        return new SweepKey(UUID.fromString(text.substring(0, slash)), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return scanId + "/" + nodeId;
    }
}
