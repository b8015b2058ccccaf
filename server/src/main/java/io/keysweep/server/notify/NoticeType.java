package io.keysweep.server.notify;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Lists the types of notices. A notice is the message to a webhook that reports one event. */
enum NoticeType {
    /** A scan ended with success. */
    SCAN_FINISHED("scan.finished"),
    /** A scan failed, timed out or was cancelled. */
    SCAN_FAILED("scan.failed"),
    /** A scan has been on hold, for example paused, for longer than the threshold of the webhook. */
    SCAN_HELD("scan.held"),
    /**
     * The backlog (the expired keys that still hold memory) or the memory of an instance reached a threshold of its
     * start policy.
     */
    THRESHOLD_PASSED("threshold.passed"),
    /** A forecast of an instance shows a cliff: a time in which far more keys die than around it. */
    CLIFF_AHEAD("cliff.ahead"),
    /** A user tests a webhook. */
    PING("ping");

    /** The types that a webhook can choose: all but {@link #PING}, which is sent only when a user asks for it. */
    static final Set<NoticeType> EVENTS = EnumSet.complementOf(EnumSet.of(PING));

    /** The text in SQL that stands for all {@link #EVENTS}, including the events of later versions. */
    static final String ALL_EVENTS = "*";

    private final String wireName;

    NoticeType(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the name in JSON and in SQL, such as {@code scan.finished}. */
    String wireName() {
        return wireName;
    }

    /**
     * Returns the type with a name such as {@code scan.finished}.
     *
     * @throws IllegalArgumentException if no type that a webhook can choose has that name
     */
    static NoticeType byWireName(String wireName) {
        return EVENTS.stream()
                .filter(type -> type.wireName.equals(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(wireName));
    }

    /**
     * Returns the text in SQL for the types that a webhook receives: their names with spaces between them, or {@link
     * #ALL_EVENTS} for all. A complete list of names would leave out the events that later versions add.
     */
    static String toColumn(Set<NoticeType> events) {
        return events.equals(EVENTS) ? ALL_EVENTS : String.join(" ", wireNames(events));
    }

    /**
     * Returns the types for a text of {@link #toColumn}.
     *
     * @throws IllegalArgumentException if the text contains another name
     */
    static Set<NoticeType> fromColumn(String text) {
        return text.equals(ALL_EVENTS)
                ? EVENTS
                : Arrays.stream(text.split(" ")).map(NoticeType::byWireName).collect(Collectors.toSet());
    }

    /** Returns the names that a webhook can choose, for a message: {@code scan.finished, scan.failed, …}. */
    static String eventNames() {
        return wireNames(EVENTS).stream().collect(Collectors.joining(", "));
    }

    /**
     * Returns the names of types in the order of their declaration, so that the same set always gives the same list.
     */
    static List<String> wireNames(Set<NoticeType> types) {
        return Arrays.stream(values())
                .filter(types::contains)
                .map(NoticeType::wireName)
                .toList();
    }
}
