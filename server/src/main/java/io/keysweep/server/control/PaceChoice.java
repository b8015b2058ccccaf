package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The pace of one scan, as far as it was chosen.
 *
 * @param profile what the rest is taken from, or null for the settings
 * @param stallBudget longest time a step may take, or null for the profile's
 * @param share largest share of the server's time, or null for the profile's
 * @param rateCeiling most keys visited a second, or null for no such ceiling
 */
public record PaceChoice(
        @Nullable Profile profile,
        @Nullable Duration stallBudget,
        @Nullable Double share,
        @Nullable Long rateCeiling) {

    /** From the columns of a scan. */
    public static PaceChoice of(ResultSet row) throws SQLException {
        String profile = row.getString("profile");
        Long stallBudget = row.getObject("stall_budget_us", Long.class);
        return new PaceChoice(
                profile == null ? null : Profile.ofWireName(profile).orElse(null),
                stallBudget == null ? null : Duration.ofNanos(stallBudget * 1000),
                row.getObject("share", Double.class),
                row.getObject("rate_ceiling", Long.class));
    }

    /** The whole pace, with what was not chosen taken from {@code settings}. */
    public PacePolicy over(PacePolicy settings) {
        PacePolicy base = profile == null ? settings : profile.pace();
        return new PacePolicy(
                stallBudget == null ? base.stallBudget() : stallBudget,
                share == null ? base.shareCeiling() : share,
                rateCeiling == null ? OptionalLong.empty() : OptionalLong.of(rateCeiling),
                base.limits());
    }
}
