package io.keysweep.server.window;

import io.keysweep.server.scan.ScanType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The windows that hold for one instance, with its place in the spread: always the same one, as it follows from the
 * instance's id, and even over a fleet. Pure and immutable.
 */
public final class WindowGate {

    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final UUID instanceId;
    private final WindowPolicy policy;
    private final boolean ofInstance;
    private final Instant since;

    WindowGate(UUID instanceId, WindowPolicy policy, boolean ofInstance, Instant since) {
        this.instanceId = instanceId;
        this.policy = policy;
        this.ofInstance = ofInstance;
        this.since = since;
    }

    /** A gate that is always open. */
    public static WindowGate open(UUID instanceId) {
        return new WindowGate(instanceId, WindowPolicy.NONE, false, Instant.MIN);
    }

    /** Whether a scan of that type may run at that moment. */
    public boolean openTo(ScanType type, Instant moment) {
        return (type == ScanType.MANUAL && policy.appliesTo() == WindowPolicy.AppliesTo.AUTOMATIC)
                || policy.windows().openAt(moment);
    }

    /** Whether a sweep ends when its window closes, rather than to go on in the next one. */
    public boolean ends() {
        return policy.outside() == WindowPolicy.Outside.END;
    }

    /** How much later than due the starts of this instance are. */
    public Duration delay() {
        return part(policy.spread());
    }

    /**
     * The first moment from {@code due} on at which the windows are open, and which is this instance's turn: after an
     * opening it waits for its place in the spread, but not for more than half of the window. What was due before these
     * windows were set counts from then. Empty if they stay closed.
     */
    public Optional<Instant> turn(Instant due) {
        Instant moment = due.isBefore(since) ? since : due;
        if (policy.windows().openAt(moment)) {
            return Optional.of(moment);
        }
        return policy.windows().nextOpening(moment).map(opening -> {
            Duration half = policy.windows()
                    .nextClosing(opening)
                    .map(closing -> Duration.between(opening, closing).dividedBy(2))
                    .orElse(policy.spread());
            return opening.plus(part(half.compareTo(policy.spread()) < 0 ? half : policy.spread()));
        });
    }

    /** Whether the windows were set anew since that gate was asked for. */
    public boolean differsFrom(WindowGate earlier) {
        return !since.equals(earlier.since) || !policy.equals(earlier.policy);
    }

    /** Whose windows they are, as one who does something. */
    public String owner() {
        return ofInstance ? "the instance's windows" : "the project's windows";
    }

    /** Why a sweep rests at that moment. */
    public String closed(Instant moment) {
        ZoneId zone = policy.windows().zone();
        return policy.windows()
                .nextOpening(moment)
                .map(opening -> "closed until " + SHOWN.format(opening.atZone(zone)) + " " + WindowDocuments.name(zone))
                .orElse("closed, and none is going to open");
    }

    private Duration part(Duration whole) {
        // The bits of an id are not even by themselves: of some versions they are a time.
        long mixed = (instanceId.getMostSignificantBits() ^ instanceId.getLeastSignificantBits()) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        mixed ^= mixed >>> 32;
        double share = (mixed >>> 11) * 0x1p-53;
        return Duration.ofMillis((long) (whole.toMillis() * share));
    }
}
