package io.keysweep.engine.sweep;

import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.reclaim.ServerProfile.Flavour;

/**
 * Who made a server.
 *
 * @param flavour family
 * @param version the family's own version; Valkey and others also tell the Redis version that they are like
 */
public record ServerIdentity(Flavour flavour, String version) {

    /** Reads INFO's section {@code server}. */
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
        boolean other = !name.equals("redis") || info.fields().keySet().stream().anyMatch(ServerIdentity::namesAnother);
        return new ServerIdentity(other ? Flavour.UNKNOWN : Flavour.REDIS, redisVersion);
    }

    private static boolean namesAnother(String field) {
        return field.endsWith("_version") && (field.startsWith("dragonfly") || field.startsWith("keydb"));
    }

    /** Redis 4.0 is the first that frees values lazily and whose SCAN, DBSIZE and scripts work as is needed here. */
    public boolean tooOld() {
        return flavour == Flavour.REDIS && version.matches("[0-3]\\..*");
    }
}
