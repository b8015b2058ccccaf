package io.keysweep.cli.quickstart;

/**
 * Describes the keys that the quickstart plants: two thirds have no TTL, one third expires.
 *
 * @param prefix start of the names of all demo keys, for example {@code keysweep-demo:0a1b2c3d4e5f6071:}; no other key
 *     begins with it
 * @param persistent number of keys without a TTL
 * @param expiring number of keys that expire before the scan
 */
record DemoKeys(String prefix, int persistent, int expiring) {

    /** Divides a total: a third of it, rounded down, expires. */
    static DemoKeys of(int total, String prefix) {
        int expiring = total / 3;
        return new DemoKeys(prefix, total - expiring, expiring);
    }

    String persistentName(int index) {
        return prefix + "stays:" + index;
    }

    String expiringName(int index) {
        return prefix + "expires:" + index;
    }

    /** Returns the name of one more key, which expires after all others and is not counted. */
    String lastName() {
        return prefix + "last";
    }
}
