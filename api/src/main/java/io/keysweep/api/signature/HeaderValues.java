package io.keysweep.api.signature;

/** Normalizes the values of HTTP headers, for the client that signs them and the server that verifies them. */
public final class HeaderValues {

    private HeaderValues() {}

    /**
     * Strips spaces and tabs around a value (RFC 9110, section 5.5).
     *
     * <p>{@code String.strip} would also remove line breaks. The caller must see these, because it refuses values that
     * contain one.
     */
    public static String stripBlanks(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
