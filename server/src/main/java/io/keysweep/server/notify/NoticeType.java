package io.keysweep.server.notify;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a notice tells. */
enum NoticeType {
    /** A scan has ended with success. */
    SCAN_FINISHED("scan.finished"),
    /** A scan has failed. */
    SCAN_FAILED("scan.failed"),
    /** A scan has been on hold for longer than the webhook's threshold. */
    SCAN_HELD("scan.held"),
    /** A start policy's threshold for the backlog, or one for memory, was passed. */
    THRESHOLD_PASSED("threshold.passed"),
    /** Somebody tries out a webhook. */
    PING("ping");

    /** Those that a webhook can be told of. */
    static final Set<NoticeType> EVENTS = EnumSet.complementOf(EnumSet.of(PING));

    private final String wireName;

    NoticeType(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    /**
     * The event of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static NoticeType event(String wireName) {
        return EVENTS.stream()
                .filter(type -> type.wireName.equals(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(wireName));
    }

    /** For people. */
    static String eventNames() {
        return wireNames(EVENTS).stream().collect(Collectors.joining(", "));
    }

    /** In the order of their declaration. */
    static List<String> wireNames(Set<NoticeType> types) {
        return Arrays.stream(values())
                .filter(types::contains)
                .map(NoticeType::wireName)
                .toList();
    }
}
