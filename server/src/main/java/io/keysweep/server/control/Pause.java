package io.keysweep.server.control;

/**
 * Describes the request of a user that a scan sends no steps (calls that visit keys).
 *
 * <p>In this package, <em>pause</em> is the general word for a pause of one scan, a project hold and the global hold.
 *
 * @param scope what is paused: one scan, a project or everything
 * @param intervention who requested the pause or the hold, why and when
 */
public record Pause(Scope scope, Intervention intervention) {

    /**
     * Returns the first words of {@link #reason} for a scope, such as {@code paused by}. No other reason of a hold
     * begins with them, so they show which stored reasons are pauses.
     */
    public static String reasonBeginning(Scope scope) {
        return subject(scope) + " by ";
    }

    private static String subject(Scope scope) {
        return switch (scope) {
            case SCAN -> "paused";
            case PROJECT -> "project held";
            case ALL -> "all projects held";
        };
    }

    /**
     * Returns a short sentence for users, such as {@code paused by KEY1: backup}, {@code project held by KEY1} or
     * {@code all projects held by KEY1}.
     */
    public String reason() {
        // The text of an intervention begins with "by".
        return subject(scope) + " " + intervention;
    }
}
