package io.keysweep.server.error;

/** Whole numbers in the query of a request. */
public final class WholeNumber {

    private WholeNumber() {}

    /**
     * The number that a parameter is.
     *
     * @throws RequestRefusedException if it is none, or out of bounds; both bounds are allowed
     */
    public static int parameter(String name, String text, int min, int max) {
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw RequestRefusedException.parameter(name, text, "a whole number from " + min + " to " + max);
        }
        return Integer.parseInt(text);
    }
}
