package io.keysweep.cli.progress;

import io.keysweep.cli.shell.CommandContext;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Shows the progress of a sweep as a bar on a terminal, and draws the same line again for each update.
 *
 * <p>Updates are drawn at most ten times a second; holds and the end are drawn immediately. The bar asks for the width
 * of the terminal every five seconds, because the user may resize the window. {@code this} guards the state and the
 * drawing, so that another thread's announcement never appears within the bar.
 */
final class BarProgress implements ProgressDisplay {

    private static final Duration REDRAW_INTERVAL = Duration.ofMillis(100);
    private static final Duration RESIZE_INTERVAL = Duration.ofSeconds(5);

    /** Control code that erases the rest of the terminal's line, where an earlier, longer line may still show. */
    private static final String ERASE_REST_OF_LINE = "\u001b[K";

    private final CommandContext context;

    /** Whether the terminal can show block characters. */
    private final boolean blocks;

    private long totalKeys;
    private boolean begun;
    private Instant beganAt = Instant.MIN;
    private Instant nextDrawing = Instant.MIN;
    private Instant nextWidthCheck = Instant.MIN;
    private int columns;
    /** The latest counts, and the hold of all primaries, or of some of them. */
    private ProgressSnapshot last = ProgressSnapshot.START;

    BarProgress(CommandContext context) {
        this.context = context;
        this.blocks = context.err().charset().newEncoder().canEncode('█');
    }

    @Override
    public synchronized void begin(long totalKeys) {
        // If the display has begun before, the bar begins again on a new line.
        close();
        this.totalKeys = totalKeys;
        beganAt = context.clock().instant();
        begun = true;
        draw();
    }

    @Override
    public synchronized void update(ProgressSnapshot snapshot) {
        last = snapshot;
        if (begun && !context.clock().instant().isBefore(nextDrawing)) {
            draw();
        }
    }

    @Override
    public synchronized void hold(@Nullable String reason) {
        showHold(reason, /* reasonOfSome= */ null);
    }

    @Override
    public synchronized void holdPart(@Nullable String reason) {
        showHold(/* reasonOfAll= */ null, reason);
    }

    private void showHold(@Nullable String reasonOfAll, @Nullable String reasonOfSome) {
        last = last.withHold(reasonOfAll, reasonOfSome);
        if (begun) {
            draw();
        }
    }

    @Override
    public synchronized void say(String line) {
        if (!begun) {
            context.err().println(line);
            return;
        }
        // The announcement takes the line of the bar, which is drawn again below it.
        context.err().print("\r" + ERASE_REST_OF_LINE);
        context.err().println(line);
        draw();
    }

    @Override
    public synchronized void close() {
        if (begun) {
            draw();
            context.err().println();
            begun = false;
        }
    }

    private void draw() {
        Instant now = context.clock().instant();
        if (!now.isBefore(nextWidthCheck)) {
            columns = context.columns();
            nextWidthCheck = now.plus(RESIZE_INTERVAL);
        }
        // Some terminals begin a new line when the last column is filled.
        String line = BarLine.of(last, totalKeys, Duration.between(beganAt, now), columns - 1, blocks);
        context.err().print("\r" + line + ERASE_REST_OF_LINE);
        context.err().flush();
        nextDrawing = now.plus(REDRAW_INTERVAL);
    }
}
