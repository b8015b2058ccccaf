package io.keysweep.cli.shell;

import io.keysweep.engine.reclaim.ServerProfile;
import java.util.Locale;

/** Formats the product name and version of a server for texts that users read. */
public final class ServerName {

    private ServerName() {}

    /** Returns the name with the version and, for a cluster, the mode: {@code Valkey 9.1.2 in cluster mode}. */
    public static String of(ServerProfile profile) {
        return of(profile.flavour(), profile.version()) + (profile.clusterEnabled() ? " in cluster mode" : "");
    }

    /** Converts the name of a product, which the service writes in capital letters: {@code REDIS} to {@code Redis}. */
    public static String of(String flavour) {
        return flavour.isEmpty()
                ? flavour
                : flavour.substring(0, 1).toUpperCase(Locale.ROOT)
                        + flavour.substring(1).toLowerCase(Locale.ROOT);
    }

    /** Returns the name with the version and without the mode: {@code Redis 7.0.15}. */
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
