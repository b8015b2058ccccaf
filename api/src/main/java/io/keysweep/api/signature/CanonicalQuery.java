package io.keysweep.api.signature;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Builds the query of a {@link CanonicalRequest}, the text of a request that client and server sign.
 *
 * <p>All parameters are decoded, sorted by name and value, and encoded again. Clients may order and encode them
 * differently, but the signed text must be the same. Example: {@code b=%7e&a=x+y} becomes {@code a=x%20y&b=~}.
 */
public final class CanonicalQuery {

    private static final Comparator<Parameter> BY_NAME_THEN_VALUE = Comparator.comparing(
                    (Parameter parameter) -> PercentEncoding.sortable(parameter.name))
            .thenComparing(parameter -> PercentEncoding.sortable(parameter.value));

    private CanonicalQuery() {}

    /**
     * Returns the canonical form of a query. A parameter without {@code =} gets an empty value, and an empty parameter,
     * as between two {@code &}, is left out.
     *
     * @param rawQuery the query as sent, still percent-encoded, without the leading {@code ?}
     * @throws IllegalArgumentException if the query has a broken percent-encoding or a character that must be encoded
     */
    public static String of(String rawQuery) {
        return Arrays.stream(rawQuery.split("&", -1))
                .filter(pair -> !pair.isEmpty())
                .map(Parameter::parse)
                .sorted(BY_NAME_THEN_VALUE)
                .map(Parameter::encode)
                .collect(joining("&"));
    }

    /** Decodes and encodes one parameter of the query; a parameter without {@code =} has an empty value. */
    private static final class Parameter {

        private final byte[] name;
        private final byte[] value;

        private Parameter(byte[] name, byte[] value) {
            this.name = name;
            this.value = value;
        }

        static Parameter parse(String pair) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            return new Parameter(
                    PercentEncoding.decode(name, /* plusIsBlank= */ true),
                    PercentEncoding.decode(value, /* plusIsBlank= */ true));
        }

        String encode() {
            return PercentEncoding.encode(name) + "=" + PercentEncoding.encode(value);
        }
    }
}
