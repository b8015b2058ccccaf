package io.keysweep.benchmarks.fuzz;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Describes a request whose answer breaks a rule.
 *
 * @param problem the rule that is broken
 * @param request the request; null if the problem belongs to several requests, as in the log
 */
record FuzzFinding(String problem, @Nullable FuzzRequest request) {

    /** The number of bytes of a request or answer that a text shows at most. */
    private static final int MAX_SHOWN = 4_000;

    /**
     * Returns the finding as text: the broken rule, the command that repeats the request, and the raw request.
     *
     * @param seed the seed of the run
     */
    String text(long seed) {
        if (request == null) {
            return "FINDING " + problem;
        }
        return "FINDING " + problem + "\n  repeat with: dev/fuzz --seed " + seed + " --only " + request.number()
                + "\n  " + request.description() + "\n" + visible(request.octets());
    }

    /**
     * Returns octets as printable ASCII: escapes replace all other characters, and each line end also begins a new
     * line.
     */
    static String visible(String octets) {
        StringBuilder text = new StringBuilder("  | ");
        String beginning = octets.length() > MAX_SHOWN ? octets.substring(0, MAX_SHOWN) : octets;
        for (int i = 0; i < beginning.length(); i++) {
            char octet = beginning.charAt(i);
            if (octet == '\n') {
                text.append("\\n\n  | ");
            } else if (octet == '\r') {
                text.append("\\r");
            } else if (octet == '\\') {
                text.append("\\\\");
            } else if (octet < ' ' || octet > '~') {
                text.append(String.format(Locale.ROOT, "\\x%02x", (int) octet));
            } else {
                text.append(octet);
            }
        }
        return beginning.length() == octets.length() ? text.toString() : text + "... (" + octets.length() + " bytes)";
    }
}
