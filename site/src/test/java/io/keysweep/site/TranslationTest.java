package io.keysweep.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks that a page in English and the same page in Chinese have the same headings and the same commands. */
class TranslationTest {

    @ParameterizedTest
    @CsvSource({"README.md, README.zh-CN.md", "docs/tutorial.md, docs/zh-CN/tutorial.md"})
    void translation_hasTheSameHeadingsAndCommands(String english, String chinese) throws IOException {
        Page original = page(english);
        Page translation = page(chinese);

        assertThat(levels(translation)).as("levels of the headings").isEqualTo(levels(original));
        assertThat(codeBlocks(translation)).hasSizeGreaterThan(3).isEqualTo(codeBlocks(original));
    }

    private static Page page(String path) throws IOException {
        return Objects.requireNonNull(PageReader.readAll(Path.of("..")).get(path), path);
    }

    private static List<Integer> levels(Page page) {
        return page.sections().stream().map(Page.Section::level).toList();
    }

    /** Returns all blocks of code without the comments in them, which are translated. */
    private static List<String> codeBlocks(Page page) {
        List<String> blocks = new ArrayList<>();
        page.document().accept(new AbstractVisitor() {
            @Override
            public void visit(FencedCodeBlock block) {
                blocks.add(block.getLiteral().replaceAll("(?m)(^|\\s+)#\\s.*$", ""));
            }
        });
        return blocks;
    }
}
