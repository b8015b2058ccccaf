package io.keysweep.server.autoscan;

import io.keysweep.api.ScheduleDocument;
import io.keysweep.server.request.DocumentReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A schedule as the native API's documents have it.
 *
 * @param change the same as what is asked for of a configuration
 * @param wanted the configuration that follows from it where there was none
 */
public record ScheduleSettings(AutoScanChange change, AutoScanConfig wanted) {

    private static final UUID NOBODY = new UUID(0, 0);

    private static final Set<String> FIELDS =
            Set.of("enabled", "firstScanAt", "intervalSeconds", "timeoutSeconds", "scanKeysCount");

    /**
     * Reads a document. A first start that is past stands for the next one by the interval, so that a document holds for
     * longer than until its first start.
     *
     * @throws io.keysweep.server.error.RequestRefusedException for everything that does not fit
     */
    public static ScheduleSettings read(@Nullable JsonNode document, Instant now) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        boolean enabled = reader.flag("enabled").orElse(true);
        String first = reader.text("firstScanAt", "a date-time as 2026-11-25T02:00:00Z", text -> text)
                .orElse(null);
        // The bounds are those of the rules, which tell them better.
        Integer interval = whole(reader, "intervalSeconds");
        Integer timeout = whole(reader, "timeoutSeconds");
        Integer count = whole(reader, "scanKeysCount");
        AutoScanChange change = reader.requireValid(
                () -> new AutoScanChange(enabled, next(first, interval, now), interval, timeout, count));
        return new ScheduleSettings(change, AutoScanRules.apply(NOBODY, null, change, now, AutoScanWording.NATIVE));
    }

    private static @Nullable Integer whole(DocumentReader reader, String name) {
        return reader.integer(name, Integer.MIN_VALUE, Integer.MAX_VALUE).orElse(null);
    }

    private static @Nullable String next(@Nullable String first, @Nullable Integer interval, Instant now) {
        if (first == null || interval == null || interval <= 0) {
            return first;
        }
        try {
            return new AutoScanSchedule(AutoScanRules.moment(first), Duration.ofSeconds(interval))
                    .dueAfter(now)
                    .map(Instant::toString)
                    .orElse(first);
        } catch (DateTimeException | ArithmeticException e) {
            // No moment, which the rules tell.
            return first;
        }
    }

    /** Whether that configuration brings the same starts already. */
    public boolean stand(AutoScanConfig config, Instant now) {
        return config.enabled() == wanted.enabled()
                && (!wanted.enabled()
                        || (Objects.equals(config.interval(), wanted.interval())
                                && Objects.equals(config.timeout(), wanted.timeout())
                                && Objects.equals(config.scanKeysCount(), wanted.scanKeysCount())
                                && Objects.equals(config.startAfter(now), wanted.startAfter(now))));
    }

    /** The document that a configuration is. */
    static ScheduleDocument document(AutoScanConfig config) {
        return new ScheduleDocument(
                config.enabled(),
                config.firstScanAt(),
                seconds(config.interval()),
                seconds(config.timeout()),
                config.scanKeysCount());
    }

    private static @Nullable Long seconds(@Nullable Duration duration) {
        return duration == null ? null : (Long) duration.toSeconds();
    }
}
