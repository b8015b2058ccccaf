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
 * Holds a schedule that was read from a document of the native API.
 *
 * @param change the change of the configuration that the document asks for
 * @param wanted the configuration that results from the change on an instance without a schedule
 */
public record ScheduleSettings(AutoScanChange change, AutoScanConfig wanted) {

    /** The instance of {@link #wanted}, which is compared without its instance. */
    private static final UUID NO_INSTANCE = new UUID(0, 0);

    private static final Set<String> FIELDS =
            Set.of("enabled", "firstScanAt", "intervalSeconds", "timeoutSeconds", "scanKeysCount");

    /**
     * Reads a document. A first start in the past is replaced by the next start of the schedule, so that a document
     * stays valid after its first start.
     *
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks any rule; the exception names all
     *     broken rules
     */
    public static ScheduleSettings read(@Nullable JsonNode document, Instant now) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        boolean enabled = reader.flag("enabled").orElse(true);
        String first = reader.text("firstScanAt", "a date-time as 2026-11-25T02:00:00Z", text -> text)
                .orElse(null);
        // The numbers are not limited here, because AutoScanRules checks their limits and words its problems better.
        Integer interval = integer(reader, "intervalSeconds");
        Integer timeout = integer(reader, "timeoutSeconds");
        Integer count = integer(reader, "scanKeysCount");
        AutoScanChange change = reader.requireValid(
                () -> new AutoScanChange(enabled, nextStart(first, interval, now), interval, timeout, count));
        return new ScheduleSettings(
                change, AutoScanRules.apply(NO_INSTANCE, null, change, now, AutoScanWording.NATIVE));
    }

    private static @Nullable Integer integer(DocumentReader reader, String name) {
        return reader.integer(name, Integer.MIN_VALUE, Integer.MAX_VALUE).orElse(null);
    }

    private static @Nullable String nextStart(@Nullable String first, @Nullable Integer interval, Instant now) {
        if (first == null || interval == null || interval <= 0) {
            return first;
        }
        try {
            return new AutoScanSchedule(AutoScanRules.moment(first), Duration.ofSeconds(interval))
                    .dueAfter(now)
                    .map(Instant::toString)
                    .orElse(first);
        } catch (DateTimeException | ArithmeticException e) {
            // AutoScanRules reports a text that is not a date-time.
            return first;
        }
    }

    /** Returns whether a configuration leads to the same starts as this schedule from a moment on. */
    public boolean matches(AutoScanConfig config, Instant now) {
        return config.enabled() == wanted.enabled()
                && (!wanted.enabled()
                        || (Objects.equals(config.interval(), wanted.interval())
                                && Objects.equals(config.timeout(), wanted.timeout())
                                && Objects.equals(config.scanKeysCount(), wanted.scanKeysCount())
                                && Objects.equals(config.startAfter(now), wanted.startAfter(now))));
    }

    /** Returns the document of a configuration. */
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
