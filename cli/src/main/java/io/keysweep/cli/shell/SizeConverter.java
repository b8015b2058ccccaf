package io.keysweep.cli.shell;

import io.keysweep.api.text.SizeText;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts the text of an option to a size in bytes, above 0.
 *
 * <p>The forms are those of {@link SizeText}, which the web console reads too: {@code 65536}, {@code 512kb}, {@code
 * 64m} and {@code 64 MiB}. A kb has 1024 bytes, as in the settings of Redis.
 *
 * <p>Any other text is refused with a {@link TypeConversionException}, whose message is the rule; the user sees it with
 * the name of the option and the value.
 */
public final class SizeConverter implements ITypeConverter<Long> {

    @Override
    public Long convert(String value) {
        long bytes = SizeText.parse(value)
                .orElseThrow(() -> new TypeConversionException("must be a size such as 65536, 512kb, 64m or 64 MiB"));
        if (bytes == 0) {
            throw new TypeConversionException("must be above 0, such as 64mb");
        }
        return bytes;
    }
}
