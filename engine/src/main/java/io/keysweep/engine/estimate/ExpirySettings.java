package io.keysweep.engine.estimate;

import io.keysweep.engine.advice.SettingsAccess;
import io.keysweep.engine.insight.ExpiryCycle;
import io.keysweep.engine.link.ServerInfo;
import io.keysweep.engine.reclaim.ServerVersion;
import io.keysweep.engine.sweep.ServerIdentity;
import io.keysweep.engine.sweep.ServerSettings;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Interprets the settings of a server's own expiry, from INFO and from CONFIG GET.
 *
 * @param cycle the model of the server's own expiry; an unknown setting has its default
 * @param access whether the settings can be changed
 * @param hzKnown whether the server reports how many times a second it runs its expiry
 */
public record ExpirySettings(ExpiryCycle cycle, SettingsAccess access, boolean hzKnown) {

    /** The lowest value that Redis allows for its setting {@code hz}. */
    private static final int MIN_HZ = 1;

    private static final int MAX_HZ = 500;

    /**
     * Interprets what a server has reported.
     *
     * @param identity the product and the version of the server
     * @param info the reply to INFO
     * @param settings the reply to CONFIG GET
     */
    public static ExpirySettings of(ServerIdentity identity, ServerInfo info, ServerSettings settings) {
        OptionalInt hz = hz(info, settings);
        OptionalInt effort = parseNumber(settings.value(ServerSettings.EFFORT));
        SettingsAccess access = access(identity, settings, effort.isPresent());
        int assumedHz = hz.orElse(ExpiryCycle.DEFAULT_HZ);
        ExpiryCycle cycle = access == SettingsAccess.MISSING
                ? ExpiryCycle.withoutEffort(assumedHz)
                : ExpiryCycle.withEffort(assumedHz, effort.orElse(1));
        return new ExpirySettings(cycle, access, hz.isPresent());
    }

    private static SettingsAccess access(ServerIdentity identity, ServerSettings settings, boolean isEffortKnown) {
        // Redis has the setting from 6.0 on. A server of an unknown product has it if it reports it.
        boolean hasEffort = switch (identity.flavour()) {
            case REDIS -> ServerVersion.parse(identity.version()).isAtLeast(6, 0);
            case VALKEY, REDICT -> true;
            case UNKNOWN -> isEffortKnown || settings.refused();
        };
        if (!hasEffort) {
            return SettingsAccess.MISSING;
        }
        return settings.refused() || !isEffortKnown ? SettingsAccess.REFUSED : SettingsAccess.REPORTED;
    }

    /** Returns how many times a second the server runs its expiry, from INFO or otherwise from its settings. */
    private static OptionalInt hz(ServerInfo info, ServerSettings settings) {
        OptionalLong reportedHz = info.number("hz");
        return reportedHz.isPresent()
                ? OptionalInt.of(Math.clamp(reportedHz.getAsLong(), MIN_HZ, MAX_HZ))
                : parseNumber(settings.value(ServerSettings.HZ));
    }

    private static OptionalInt parseNumber(String value) {
        return value.matches("\\d{1,6}") ? OptionalInt.of(Integer.parseInt(value)) : OptionalInt.empty();
    }
}
