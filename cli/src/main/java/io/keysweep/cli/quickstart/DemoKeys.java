package io.keysweep.cli.quickstart;

/**
 * The keys of a demonstration: two of three stay, one of three expires.
 *
 * @param prefix what all their names begin with; nobody else uses it
 * @param persistent how many have no TTL
 * @param expiring how many expire
 */
record DemoKeys(String prefix, int persistent, int expiring) {

    /** So many keys in all. */
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

    /** Expires after all others; not one of those that are counted. */
    String lastName() {
        return prefix + "last";
    }
}
