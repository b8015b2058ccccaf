package io.keysweep.server.control;

import io.keysweep.engine.pacing.PacePolicy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Holds the parts of a scan's pace that were chosen for the scan.
 *
 * @param profile the profile of all parts that are null, or null for the settings
 * @param stallBudget maximum time of a step, or null for the profile's
 * @param share maximum share of the server's time, or null for the profile's
 * @param rateCeiling maximum number of keys visited in a second, or null for no ceiling
 */
public record PaceChoice(
        @Nullable Profile profile,
        @Nullable Duration stallBudget,
        @Nullable Double share,
        @Nullable Long rateCeiling) {

    /** Reads the columns of a scan. */
    public static PaceChoice of(ResultSet row) throws SQLException {
        String profile = row.getString("profile");
        Long stallBudget = row.getObject("stall_budget_us", Long.class);
        return new PaceChoice(
                profile == null ? null : Profile.ofWireName(profile).orElse(null),
                stallBudget == null ? null : Duration.ofNanos(stallBudget * 1000),
                row.getObject("share", Double.class),
                row.getObject("rate_ceiling", Long.class));
    }

    /** Returns the complete pace; parts that were not chosen are taken from the profile or {@code settings}. */
    public PacePolicy over(PacePolicy settings) {
        PacePolicy base = profile == null ? settings : profile.pace();
        return new PacePolicy(
                stallBudget == null ? base.stallBudget() : stallBudget,
                share == null ? base.shareCeiling() : share,
                rateCeiling == null ? OptionalLong.empty() : OptionalLong.of(rateCeiling),
                base.limits());
    }
}
