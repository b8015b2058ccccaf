package io.keysweep.cli;

import io.keysweep.api.text.FileProblem;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.Charset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes to standard output and remembers the first failure, which a {@link PrintStream} hides. Without this, a command
 * would report success although a full disk has cut off its result.
 */
final class StandardOutput extends FilterOutputStream {

    private volatile @Nullable IOException failure;

    StandardOutput(OutputStream target) {
        super(target);
    }

    /** Returns the standard output of this process. */
    static StandardOutput ofProcess() {
        return new StandardOutput(new FileOutputStream(FileDescriptor.out));
    }

    /** Returns a stream that writes texts to this one. */
    PrintStream printer(Charset charset) {
        return new PrintStream(new BufferedOutputStream(this), /* autoFlush= */ true, charset);
    }

    /**
     * Returns why the output could not be written, as text; null if nothing went wrong. A reader that closes its pipe
     * because it has read enough is not a failure.
     */
    @Nullable String problem() {
        IOException first = failure;
        return first == null || isClosedPipe(first) ? null : FileProblem.of(first);
    }

    /**
     * Returns whether a write failed because the reader of a pipe, such as {@code head}, has ended. Java reports this
     * only by a message of the system, in the language of the user. So this method writes to a closed pipe itself, and
     * compares the messages.
     */
    private static boolean isClosedPipe(IOException failure) {
        try {
            Pipe pipe = Pipe.open();
            pipe.source().close();
            try (Pipe.SinkChannel sink = pipe.sink()) {
                sink.write(ByteBuffer.wrap(new byte[1]));
            }
            return false;
        } catch (IOException closedPipe) {
            return Objects.equals(closedPipe.getMessage(), failure.getMessage());
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            if (failure == null) {
                failure = e;
            }
            throw e;
        }
    }
}
