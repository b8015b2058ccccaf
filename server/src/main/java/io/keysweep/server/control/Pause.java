package io.keysweep.server.control;

/**
 * Describes the request of a user by which a scan is paused: a pause of the scan itself, or a project or global hold.
 *
 * @param scope what is paused: one scan, a project or everything
 * @param intervention who requested the pause or the hold, why and when
 */
public record Pause(Scope scope, Intervention intervention) {

    /**
     * Returns how the {@link #reason} of every pause with a scope begins. No other reason of a hold begins like this,
     * so the beginning identifies pauses in stored reasons.
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
