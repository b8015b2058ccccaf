package io.keysweep.api.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests how the message of a command explains an exception about a file. */
final class FileProblemTest {

    @TempDir
    private Path folder;

    @Test
    void of_exceptionsOfTheJdk_areReasonsAndNotPaths() throws IOException {
        Path file = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xFF});
        IOException noFile =
                catchThrowableOfType(IOException.class, () -> Files.readString(folder.resolve("none/file")));
        IOException noText = catchThrowableOfType(IOException.class, () -> Files.readString(file));
        IOException existingFile = catchThrowableOfType(IOException.class, () -> Files.createFile(file));

        assertThat(FileProblem.of(noFile)).isEqualTo("no such file or folder");
        assertThat(FileProblem.of(noText)).isEqualTo("it is not UTF-8 text");
        assertThat(FileProblem.of(existingFile)).isEqualTo("a file of this name already exists");
        assertThat(FileProblem.of(new NotDirectoryException("/x"))).isEqualTo("it is not a folder");
        assertThat(FileProblem.of(new AccessDeniedException("/x"))).isEqualTo("permission denied");
        assertThat(FileProblem.of(new FileSystemException("/x", /* other= */ null, "Is a directory")))
                .isEqualTo("it is a folder");
        assertThat(FileProblem.of(new IOException("Is a directory"))).isEqualTo("it is a folder");
        assertThat(FileProblem.of(new FileSystemException("/x", /* other= */ null, "No space left on device")))
                .isEqualTo("No space left on device");
    }

    @Test
    void of_anotherException_isItsMessageOrItsClassName() {
        assertThat(FileProblem.of(new IOException("Broken pipe"))).isEqualTo("Broken pipe");
        assertThat(FileProblem.of(new IOException())).isEqualTo("IOException");
    }
}
