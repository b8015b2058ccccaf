package io.keysweep.server.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests that {@code docs/dcs-compatibility.md} lists every error code with its status and message, and no other. */
class ErrorDocsTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d{3}) \\| (DCS\\.\\d{4}) \\| ([^|]+?) \\|");

    @Test
    void table_listsEveryErrorCode_withStatusAndMessage() throws IOException {
        List<String> documented = ROW.matcher(Files.readString(Path.of("..", "docs", "dcs-compatibility.md")))
                .results()
                .map(row -> String.join(" ", row.group(1), row.group(2), row.group(3)))
                .toList();

        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorCode.values())
                        .map(code -> String.join(" ", String.valueOf(code.status()), code.code(), code.message("{0}")))
                        .toList());
    }
}
