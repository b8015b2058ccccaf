package io.keysweep.server.dcs;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Formats times for the responses of the DCS API, in UTC with milliseconds: {@code 2020-06-15T02:21:18.669Z}.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 */
final class DcsTime {

    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private DcsTime() {}

    /** Returns the text of a time; null for null. */
    static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : FORM.format(instant);
    }
}
