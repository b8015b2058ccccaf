package io.keysweep.cli.shell;

import io.keysweep.engine.reclaim.ServerProfile;

/** What people call a server. */
public final class ServerName {

    private ServerName() {}

    /** {@code Redis 7.0.15}, {@code Valkey 9.1.2 in cluster mode}. */
    public static String of(ServerProfile profile) {
        return of(profile.flavour(), profile.version()) + (profile.clusterEnabled() ? " in cluster mode" : "");
    }

    /** The same of a server whose mode does not matter. */
    public static String of(ServerProfile.Flavour flavour, String version) {
        String name = switch (flavour) {
            case REDIS -> "Redis";
            case VALKEY -> "Valkey";
            case REDICT -> "Redict";
            case UNKNOWN -> "unknown server";
        };
        return name + " " + version;
    }
}
