package io.keysweep.cli.shell;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts the text of an option to a size in bytes, above 0.
 *
 * <p>Examples are {@code 65536}, {@code 100b}, {@code 512kb}, {@code 64mb} and {@code 2gb}. A kb has 1024 bytes, as in
 * the settings of Redis.
 *
 * <p>Upper and lower case are equal. Any other text is refused with a {@link TypeConversionException}, whose message
 * is the rule; the user sees it with the name of the option and the value.
 */
public final class SizeConverter implements ITypeConverter<Long> {

    /**
     * A number of at most nine digits (so that no size exceeds a long), and a unit; without a unit, the number is in
     * bytes.
     */
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(b|kb|mb|gb|)");

    @Override
    public Long convert(String value) {
        Matcher form = FORM.matcher(value.strip().toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new TypeConversionException("must be a size such as 65536, 512kb, 64mb or 2gb");
        }
        long amount = Long.parseLong(form.group(1));
        if (amount == 0) {
            throw new TypeConversionException("must be above 0, such as 64mb");
        }
        return switch (form.group(2)) {
            case "kb" -> amount << 10;
            case "mb" -> amount << 20;
            case "gb" -> amount << 30;
            default -> amount;
        };
    }
}
