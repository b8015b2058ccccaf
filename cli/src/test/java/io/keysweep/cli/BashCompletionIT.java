package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests how the completion script of bash asks the program for candidates, and how it offers the answers. */
final class BashCompletionIT {

    /** Makes the program print its arguments. */
    private static final String PRINT_ARGUMENTS = "printf '<%s>' \"$@\"\necho\n";

    @TempDir
    private Path folder;

    @Test
    void completion_ofADelivery_namesItsWebhook() throws Exception {
        BashCompletion bash = bash(PRINT_ARGUMENTS);

        assertThat(bash.candidates("webhooks", "redeliver", "--endpoint", "http://h", "w-1", ""))
                .containsExactly("<candidates><DELIVERY><><w-1>");
        assertThat(bash.candidates("webhooks", "redeliver", "")).containsExactly("<candidates><WEBHOOK><>");
    }

    @Test
    void completion_wordsThatBashSplits_joinsThem() throws Exception {
        BashCompletion bash = bash(PRINT_ARGUMENTS + "printf '%s\\n' http://hooks:1/a ann@example.com @orders");

        // Bash splits words at colons, equals signs and at signs.
        assertThat(bash.candidates("webhooks", "update", "ht")).containsExactly("http://hooks:1/a");
        assertThat(bash.candidates("webhooks", "update", "http", ":")).containsExactly("//hooks:1/a");
        assertThat(bash.candidates("webhooks", "update", "http", ":", "//h")).containsExactly("//hooks:1/a");
        assertThat(bash.candidates("webhooks", "update", "http", ":", "//hooks", ":"))
                .containsExactly("1/a");
        assertThat(bash.candidates("webhooks", "redeliver", "http", ":", "//h", ""))
                .contains("<candidates><DELIVERY><><http://h>");
        assertThat(bash.candidates("users", "update", "ann", "@", "ex")).containsExactly("example.com");
        assertThat(bash.candidates("scans", "create", "--endpoint", "=", "http", ":", "//h", ":", "1", "--prof"))
                .contains("--profile");

        // COMP_LINE has a blank before the @, so the @ begins a word and is not joined to the word before it.
        assertThat(bash.candidatesWith("COMP_LINE", bash.program() + " scans create @or", "scans", "create", "@", "or"))
                .containsExactly("orders");
    }

    private BashCompletion bash(String commandsOfProgram) throws IOException {
        return BashCompletion.create(folder, folder, commandsOfProgram);
    }
}
