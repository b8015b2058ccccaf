package io.keysweep.cli.output;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Lists the values of {@code --output}, the forms in which a command writes its result. */
public enum OutputFormat {
    /** A table with headers; a single entry is shown as lines. */
    TABLE,
    /** The table with more columns. */
    WIDE,
    /** Writes one JSON document, as {@code --json} does. */
    JSON,
    /** Writes the document of {@link #JSON} as YAML. */
    YAML,
    /** All columns as comma-separated values (RFC 4180) with a header. */
    CSV,
    /** Only the name of each entry, one on each line; the id of entries that have no name. */
    NAME,
    /** Only the id of each entry, one on each line. */
    ID;

    /** Converts the text of the option, in upper or lower case. */
    static final class Converter implements ITypeConverter<OutputFormat> {

        @Override
        public OutputFormat convert(String value) {
            for (OutputFormat format : values()) {
                if (format.name().equals(value.toUpperCase(Locale.ROOT))) {
                    return format;
                }
            }
            throw new TypeConversionException("must be table, wide, json, yaml, csv, name or id");
        }
    }
}
