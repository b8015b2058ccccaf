package io.keysweep.server.error;

/** Parses parameters in the query of a request, for the controllers. */
public final class QueryParameters {

    /** The highest number that {@link #wholeNumber} accepts as {@code max}. */
    public static final int MAX_NUMBER = 999_999_999;

    private QueryParameters() {}

    /**
     * Parses a whole number from {@code min} to {@code max}, of decimal digits only.
     *
     * @param name name of the parameter, for the error message
     * @param text value of the parameter as the client sent it
     * @param min lowest number that is accepted, at least 0
     * @param max highest number that is accepted, at most {@link #MAX_NUMBER}
     * @throws RequestRefusedException if the text is not a whole number in this range
     */
    public static int wholeNumber(String name, String text, int min, int max) {
        // The pattern accepts at most 9 digits, so that parseInt cannot overflow.
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw RequestRefusedException.parameter(name, text, "a whole number from " + min + " to " + max);
        }
        return Integer.parseInt(text);
    }

    /**
     * Parses {@code true} or {@code false}.
     *
     * @param name name of the parameter, for the error message
     * @param text value of the parameter as the client sent it
     * @throws RequestRefusedException for any other text, so that a typing error never deletes
     */
    public static boolean flag(String name, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw RequestRefusedException.parameter(name, text, "true or false");
        };
    }
}
