package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Contains the parts of a scan's pace that a client has chosen. The other parts come from a profile or the settings.
 *
 * @param profile profile for the stall budget, the share and the limits, or null for the pace of the settings
 * @param stallBudget maximum time for which a step (a call that visits keys) may keep the server busy; null for the
 *     stall budget of the profile or the settings
 * @param share maximum share of the time of the server's main thread, above 0 up to 1; null for the share of the
 *     profile or the settings
 * @param rateCeiling maximum number of keys visited per second, or null for no ceiling
 */
public record PaceChoice(
        @Nullable Profile profile,
        @Nullable Duration stallBudget,
        @Nullable Double share,
        @Nullable Long rateCeiling) {

    /** Reads the pace columns of a row of {@code scan}. */
    public static PaceChoice of(ResultSet row) throws SQLException {
        String profile = row.getString("profile");
        Long stallBudget = row.getObject("stall_budget_us", Long.class);
        return new PaceChoice(
                // A newer version of the service may have stored a profile that this version does not know and ignores.
                profile == null ? null : Profile.ofWireName(profile).orElse(null),
                stallBudget == null ? null : Duration.of(stallBudget, ChronoUnit.MICROS),
                row.getObject("share", Double.class),
                row.getObject("rate_ceiling", Long.class));
    }

    /**
     * Returns the complete pace of the scan.
     *
     * @param settings pace of the settings, used for a scan without a profile; its rate ceiling is ignored
     */
    public PacePolicy over(PacePolicy settings) {
        PacePolicy defaultPace = profile == null ? settings : profile.pace();
        return new PacePolicy(
                stallBudget == null ? defaultPace.stallBudget() : stallBudget,
                share == null ? defaultPace.shareCeiling() : share,
                rateCeiling == null ? OptionalLong.empty() : OptionalLong.of(rateCeiling),
                defaultPace.limits());
    }
}
