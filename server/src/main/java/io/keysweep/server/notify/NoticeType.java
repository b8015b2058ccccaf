package io.keysweep.server.notify;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Lists the types of notices. */
enum NoticeType {
    /** A scan ended with success. */
    SCAN_FINISHED("scan.finished"),
    /** A scan failed, timed out or was cancelled. */
    SCAN_FAILED("scan.failed"),
    /** A scan has been on hold for longer than the webhook's threshold. */
    SCAN_HELD("scan.held"),
    /** The backlog or the memory of an instance reached a threshold of its start policy. */
    THRESHOLD_PASSED("threshold.passed"),
    /** A client tests a webhook. */
    PING("ping");

    /** The types that a webhook can subscribe to: all but {@link #PING}. */
    static final Set<NoticeType> EVENTS = EnumSet.complementOf(EnumSet.of(PING));

    private final String wireName;

    NoticeType(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    /**
     * Returns the event of that name.
     *
     * @throws IllegalArgumentException if no event has that name
     */
    static NoticeType event(String wireName) {
        return EVENTS.stream()
                .filter(type -> type.wireName.equals(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(wireName));
    }

    /** Returns the names of all events for a message, such as {@code "scan.finished, scan.failed"}. */
    static String eventNames() {
        return wireNames(EVENTS).stream().collect(Collectors.joining(", "));
    }

    /** Returns the wire names of these types, in the order of their declaration. */
    static List<String> wireNames(Set<NoticeType> types) {
        return Arrays.stream(values())
                .filter(types::contains)
                .map(NoticeType::wireName)
                .toList();
    }
}
