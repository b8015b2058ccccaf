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
 * Contains a schedule that was read from JSON. A schedule says when automatic scans of an instance start.
 *
 * <p>The JSON is the body of a PUT request, or a part of a fleet document, which lists the instances of a project.
 *
 * @param change the change that the document asks for
 * @param wanted the configuration that an instance without a schedule would get by this change; {@link #matches}
 *     compares it with the configuration that an instance has
 */
public record ScheduleSettings(AutoScanChange change, AutoScanConfig wanted) {

    /** A placeholder for the instance id of {@link #wanted}, which belongs to no instance and is never compared. */
    private static final UUID NO_INSTANCE = new UUID(0, 0);

    private static final Set<String> FIELDS =
            Set.of("enabled", "firstScanAt", "intervalSeconds", "timeoutSeconds", "scanKeysCount");

    /**
     * Reads a document. A schedule is enabled if the document does not say otherwise. If the first start is in the past
     * and the interval is positive, the next start of the schedule replaces the first start, because a first start in
     * the past is refused. The same document can therefore be sent again later.
     *
     * @param document the document; null if the request has none, which breaks a rule
     * @param now the current time
     * @throws io.keysweep.server.error.RequestRefusedException if the document breaks any rule; the exception names all
     *     broken rules
     */
    public static ScheduleSettings read(@Nullable JsonNode document, Instant now) {
        DocumentReader reader = DocumentReader.of(document, FIELDS);
        boolean enabled = reader.flag("enabled").orElse(true);
        String firstScanAt = reader.text("firstScanAt", "a date-time as 2026-11-25T02:00:00Z", text -> text)
                .orElse(null);
        // The reader accepts every integer. AutoScanRules checks the limits and explains a problem better.
        Integer interval = integer(reader, "intervalSeconds");
        Integer timeout = integer(reader, "timeoutSeconds");
        Integer count = integer(reader, "scanKeysCount");
        AutoScanChange change = reader.requireValid(
                () -> new AutoScanChange(enabled, nextStart(firstScanAt, interval, now), interval, timeout, count));
        return new ScheduleSettings(
                change, AutoScanRules.apply(NO_INSTANCE, /* previous= */ null, change, now, AutoScanWording.NATIVE));
    }

    private static @Nullable Integer integer(DocumentReader reader, String name) {
        return reader.integer(name, Integer.MIN_VALUE, Integer.MAX_VALUE).orElse(null);
    }

    /**
     * Returns the next start of a repeating schedule as an ISO date-time; the given text for any other schedule.
     *
     * @param firstScanAt text of the first start
     * @param interval time between two starts in seconds
     */
    private static @Nullable String nextStart(@Nullable String firstScanAt, @Nullable Integer interval, Instant now) {
        if (firstScanAt == null || interval == null || interval <= 0) {
            // The schedule does not repeat, or a value is missing or wrong, which AutoScanRules reports.
            return firstScanAt;
        }
        try {
            return new AutoScanSchedule(IsoDateTime.parse(firstScanAt), Duration.ofSeconds(interval))
                    .dueAfter(now)
                    .map(Instant::toString)
                    .orElse(firstScanAt);
        } catch (DateTimeException | ArithmeticException e) {
            // AutoScanRules reports a text that is not a date-time, or a time that is out of range.
            return firstScanAt;
        }
    }

    /**
     * Returns whether a stored configuration starts the same scans as this schedule from {@code now} on. Starts before
     * {@code now} may differ: a daily schedule that began on Monday at 02:00 matches one that began on Tuesday at
     * 02:00. Two disabled schedules always match.
     */
    public boolean matches(AutoScanConfig config, Instant now) {
        if (!wanted.enabled() || !config.enabled()) {
            return config.enabled() == wanted.enabled();
        }
        return Objects.equals(config.interval(), wanted.interval())
                && Objects.equals(config.timeout(), wanted.timeout())
                && Objects.equals(config.scanKeysCount(), wanted.scanKeysCount())
                && Objects.equals(config.startAfter(now), wanted.startAfter(now));
    }

    /** Converts a configuration to the document that the native API returns. */
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
