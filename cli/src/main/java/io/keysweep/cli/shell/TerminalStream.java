package io.keysweep.cli.shell;

import io.keysweep.engine.text.ForeignText;
import java.io.PrintStream;

/**
 * Writes lines to a terminal or a file, and escapes all characters that would control the terminal.
 *
 * <p>Lines can contain names, reasons and errors from a server or the service, which could otherwise change what the
 * user sees. Only {@code println} with a text or an object escapes. The progress bar writes its control codes with
 * {@code print}, which passes them on.
 */
final class TerminalStream extends PrintStream {

    private TerminalStream(PrintStream target) {
        super(target, /* autoFlush= */ true, target.charset());
    }

    /** Returns a stream that writes to {@code target}, or {@code target} itself if it is such a stream. */
    static PrintStream to(PrintStream target) {
        return target instanceof TerminalStream ? target : new TerminalStream(target);
    }

    @Override
    public void println(String text) {
        super.println(ForeignText.lines(String.valueOf(text)));
    }

    @Override
    public void println(Object value) {
        super.println(ForeignText.lines(String.valueOf(value)));
    }
}
