package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;
import io.keysweep.engine.text.ForeignText;

/**
 * The server identity names the product of a server and its version.
 *
 * <p>The choice of a reclaim method (script, transaction or pipeline) depends on the identity, and servers that are too
 * old are refused.
 *
 * @param flavour the product family, such as Redis or Valkey; {@code UNKNOWN} for a product that Keysweep does not know
 * @param version the product's own version, such as {@code 8.0.1}, not the Redis version that Valkey and others report
 *     for compatibility; {@code 0} if the server reports none
 */
public record ServerIdentity(Flavour flavour, String version) {

    /**
     * The length to which a version is cut. True versions are shorter; the cut keeps a forged text short in messages.
     */
    private static final int MAX_VERSION_LENGTH = 30;

    public ServerIdentity {
        version = ForeignText.excerpt(version, MAX_VERSION_LENGTH);
    }

    /** Reads the identity from INFO: the section {@code server}, or all sections. */
    public static ServerIdentity of(ServerInfo info) {
        String redisVersion = info.text("redis_version").orElse("0");
        String name = info.text("server_name").orElse("redis");
        if (name.equals("valkey") || info.text("valkey_version").isPresent()) {
            return new ServerIdentity(
                    Flavour.VALKEY, info.text("valkey_version").orElse(redisVersion));
        }
        if (name.equals("redict") || info.text("redict_version").isPresent()) {
            return new ServerIdentity(
                    Flavour.REDICT, info.text("redict_version").orElse(redisVersion));
        }
        // A server without a Redis version, or with the name or a field of another product, is treated as unknown. A
        // proxy, for example, may answer INFO with text of its own.
        boolean isOtherProduct = info.text("redis_version").isEmpty()
                || !name.equals("redis")
                || isKeyDb(info)
                || info.fields().keySet().stream().anyMatch(ServerIdentity::namesOtherProduct);
        return new ServerIdentity(isOtherProduct ? Flavour.UNKNOWN : Flavour.REDIS, redisVersion);
    }

    /** Returns whether the server is KeyDB, which reports itself as Redis and has no version field of its own. */
    public static boolean isKeyDb(ServerInfo info) {
        return info.text("mvcc_depth").isPresent();
    }

    /**
     * Recognises products that report themselves as Redis but add a version field of their own, such as
     * {@code dragonfly_version}.
     */
    private static boolean namesOtherProduct(String field) {
        return field.equals("dragonfly_version");
    }

    /**
     * Returns whether this is a Redis older than 4.0. That version is the first that frees values lazily, and whose
     * SCAN, DBSIZE and scripts do what a sweep needs.
     */
    public boolean tooOld() {
        return flavour == Flavour.REDIS && version.matches("[0-3]\\..*");
    }
}
