package io.keysweep.cli.shell;

import io.keysweep.api.text.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads text files that the user names in options, and explains to the user why a file cannot be read. */
public final class InputFile {

    /**
     * The size limit of a file in MiB. It stops a device such as /dev/zero, which has no end; documents and secrets are
     * far smaller.
     */
    private static final int MAX_MEBIBYTES = 32;

    private static final int MAX_BYTES = MAX_MEBIBYTES * 1024 * 1024;

    private InputFile() {}

    /**
     * Returns the text of a UTF-8 file of at most {@value #MAX_MEBIBYTES} MiB.
     *
     * @throws CommandFailure if the file cannot be read; the message contains the name of the file and the reason
     */
    public static String text(Path file) {
        if (file.toString().isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE, "file '' must be the name of a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return text("file '" + file + "'", in);
        } catch (NoSuchFileException e) {
            throw refusal(file, "does not exist", e);
        } catch (MalformedInputException e) {
            throw refusal(file, "is not UTF-8 text", e);
        } catch (IOException e) {
            throw refusal(file, Files.isDirectory(file) ? "is a folder" : "cannot be read: " + FileProblem.of(e), e);
        }
    }

    /**
     * Returns the UTF-8 text of standard input, of at most {@value #MAX_MEBIBYTES} MiB.
     *
     * @throws CommandFailure if it cannot be read; the message contains the reason
     */
    public static String standardInput(CommandContext context) {
        try {
            return text("standard input", context.in());
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "standard input cannot be read: " + FileProblem.of(e), e);
        }
    }

    private static String text(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new CommandFailure(ExitCode.USAGE, name + " is larger than " + MAX_MEBIBYTES + " MiB");
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static CommandFailure refusal(Path file, String problem, IOException cause) {
        return new CommandFailure(ExitCode.USAGE, "file '" + file + "' " + problem, cause);
    }
}
