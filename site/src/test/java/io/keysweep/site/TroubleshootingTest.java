package io.keysweep.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Node;
import org.junit.jupiter.api.Test;

/** Checks that the messages that {@code docs/troubleshooting.md} explains are in the code of the program. */
class TroubleshootingTest {

    private static final Path ROOT = Path.of("..");

    @Test
    void messages_ofThePage_areInTheCode() throws IOException {
        String code = code();

        assertThat(messages())
                .as("messages in the tables of the page")
                .hasSizeGreaterThan(60)
                .allSatisfy(message ->
                        assertThat(code.contains(message)).as(message).isTrue());
    }

    /** Returns the code in the first cell of each row of the tables. */
    private static List<String> messages() throws IOException {
        Page page =
                PageReader.read("docs/troubleshooting.md", Files.readString(ROOT.resolve("docs/troubleshooting.md")));
        List<String> messages = new ArrayList<>();
        page.document().accept(new AbstractVisitor() {
            @Override
            public void visit(CustomBlock block) {
                visitChildren(block);
            }

            @Override
            public void visit(CustomNode node) {
                Node cell = node.getFirstChild();
                if (node instanceof TableRow && cell != null && node.getParent() instanceof TableBody) {
                    if (cell.getFirstChild() instanceof Code message) {
                        messages.add(message.getLiteral());
                    }
                } else {
                    visitChildren(node);
                }
            }
        });
        return messages;
    }

    /** Returns all sources as one text, in which texts that the code joins with a plus sign are one. */
    private static String code() throws IOException {
        StringBuilder code = new StringBuilder();
        for (String folder : List.of("api", "engine", "server", "cli", "keysweep")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                for (Path file : files.filter(TroubleshootingTest::isSource).toList()) {
                    code.append(Files.readString(file));
                }
            }
        }
        return code.toString().replaceAll("\"\\s*\\+\\s*\"", "").replace("\\\"", "\"");
    }

    private static boolean isSource(Path file) {
        boolean isProgram = file.endsWith("keysweep") && Files.isRegularFile(file);
        return isProgram
                || (file.toString().endsWith(".java") && file.toString().contains("/src/main/"));
    }
}
