package io.keysweep.server.console.page;

import io.keysweep.api.text.SizeText;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers in forms as people write them. The name of a field decides which units it may have.
 *
 * <p>Examples are {@code 1,900,000}, {@code 200k}, {@code 25 %}, {@code 0.5 ms} and {@code 2 GiB}.
 */
public final class NumberText {

    /** A number with or without separators of thousands, and the word that follows it. */
    private static final Pattern NUMBER_AND_WORD =
            Pattern.compile("([0-9]{1,3}(?:[,，\\u00a0\\u202f ][0-9]{3})+|[0-9]{1,15})(\\.[0-9]{1,15})?\\s*(\\D{0,6})");

    /** The factors of the words that may follow a number in any field, such as 1,000 for k. */
    private static final Map<String, BigDecimal> FACTORS = Map.of(
            "", BigDecimal.ONE,
            "k", BigDecimal.valueOf(1000),
            "K", BigDecimal.valueOf(1000),
            "万", BigDecimal.valueOf(10_000),
            "M", BigDecimal.valueOf(1_000_000),
            "keys/s", BigDecimal.ONE);

    private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1 << 20);

    private NumberText() {}

    /**
     * Returns the number of the API for a text in a form, such as {@code 0.25} for {@code 25 %} of {@code share}. A
     * text that is no number is returned unchanged, so that the API refuses it with its own message.
     *
     * @param name name of the field in the API, which may end with its unit
     */
    public static String plain(String name, String text) {
        Matcher matcher = NUMBER_AND_WORD.matcher(text);
        if (!matcher.matches()) {
            return text;
        }
        BigDecimal factor = factor(name, matcher.group(3).strip());
        if (factor == null) {
            return text;
        }
        String fraction = matcher.group(2);
        BigDecimal number = new BigDecimal(matcher.group(1).replaceAll("\\D", "") + (fraction == null ? "" : fraction));
        return number.multiply(factor).stripTrailingZeros().toPlainString();
    }

    /** Returns what a number is multiplied by for the word after it; null if the word does not fit the field. */
    private static @Nullable BigDecimal factor(String name, String word) {
        // DurationFields has read the durations already.
        if (name.endsWith("Minutes") || name.endsWith("Seconds")) {
            return null;
        }
        if (word.equals("%") || word.equals("％")) {
            if (name.endsWith("Percent")) {
                return BigDecimal.ONE;
            }
            // A share is 0 to 1, so 25 % is 0.25.
            return name.endsWith("share") || name.endsWith("Share") ? BigDecimal.valueOf(1, 2) : null;
        }
        if (word.equals("ms") || word.equals("毫秒")) {
            return name.endsWith("Ms") ? BigDecimal.ONE : null;
        }
        return name.endsWith("Megabytes") && !word.isEmpty()
                ? SizeText.parse("1" + word)
                        .map(bytes -> BigDecimal.valueOf(bytes).divide(MEBIBYTE))
                        .orElse(null)
                : FACTORS.get(word);
    }
}
