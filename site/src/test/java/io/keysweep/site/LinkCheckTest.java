package io.keysweep.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the check of links finds references that lead nowhere. */
class LinkCheckTest {

    @TempDir
    private Path root;

    @Test
    void run_referencesThatLeadNowhere_areNamedWithTheirPage() throws IOException {
        Files.createDirectories(root.resolve("docs"));
        Files.writeString(root.resolve("docs/there.md"), "# There\n\n## Two words\n");
        Files.writeString(root.resolve("script.sh"), "");
        Files.writeString(root.resolve("README.md"), """
                # Title

                [good](docs/there.md#two-words), [good](#title), [good](script.sh), [good](https://example.com/x),
                [a](docs/missing.md), [b](docs/there.md#three-words), [c](#nowhere), ![d](missing.png),
                [e](script.sh#anchor), ![f](https://example.com/image.png), [g](../outside.md), `dev/missing --option`
                """);

        LinkCheck.Result result = LinkCheck.run(root, PageReader.readAll(root));

        assertThat(result.problems())
                .containsExactlyInAnyOrder(
                        "README.md: 'docs/missing.md' leads to no file.",
                        "README.md: 'docs/there.md#three-words' names no heading of docs/there.md.",
                        "README.md: '#nowhere' names no heading of README.md.",
                        "README.md: 'missing.png' leads to no file.",
                        "README.md: 'script.sh#anchor' has an anchor, but leads to no page.",
                        "README.md: 'https://example.com/image.png' is an image of another site; the pages must work"
                                + " offline.",
                        "README.md: '../outside.md' leads to no file.",
                        "README.md: 'dev/missing --option' names a file that does not exist.");
        assertThat(result.files()).containsExactly("script.sh");
    }
}
