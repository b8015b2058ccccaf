package io.keysweep.server.error;

/** Parses parameters in the query of a request. */
public final class QueryParameters {

    private QueryParameters() {}

    /**
     * Parses a whole number from {@code min} to {@code max}.
     *
     * @throws RequestRefusedException if the parameter is no such number
     */
    public static int wholeNumber(String name, String text, int min, int max) {
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw RequestRefusedException.parameter(name, text, "a whole number from " + min + " to " + max);
        }
        return Integer.parseInt(text);
    }
}
