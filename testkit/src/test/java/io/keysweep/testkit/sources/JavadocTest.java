package io.keysweep.testkit.sources;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import io.keysweep.testkit.sources.SourceFiles.ParsedSources;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Checks that the Javadoc of every type begins with a sentence that stands alone, as an IDE shows it in a tooltip: a
 * public type has such a sentence, and a type that has one follows {@link FirstSentence}.
 */
class JavadocTest {

    @Test
    void everyType_ofEveryModule_beginsWithASentenceThatStandsAlone() {
        ParsedSources sources = SourceFiles.parse(SourceFiles.main(SourceFiles.ALL));
        DocTrees docs = DocTrees.instance(sources.task());
        List<String> problems = new ArrayList<>();
        for (CompilationUnitTree unit : sources.units()) {
            new TreePathScanner<@Nullable Void, @Nullable Void>() {
                @Override
                public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
                    check(docs, getCurrentPath(), type, problems);
                    return super.visitClass(type, null);
                }
            }.scan(unit, null);
        }

        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Reads the settings from a file.                        | true
                    A sweep is one pass over all databases of one primary. | true
                    An access key with its secret.                         | false
                    Holds of a scan for one reason.                        | false
                    What the doctor has to say about a server.             | false
                    The same for several primaries is an error.            | false
                    It waits until the server answers.                     | false
                    """)
    void problem_sentence_isFoundUnlessItStandsAlone(String sentence, boolean good) {
        assertThat(FirstSentence.problem(sentence).isEmpty())
                .as("whether this sentence stands alone: %s", sentence)
                .isEqualTo(good);
    }

    @Test
    void problem_moreThanTwentyFiveWords_isFound() {
        String longest = "Reads " + "one ".repeat(FirstSentence.MAX_WORDS - 1).strip();
        assertThat(FirstSentence.problem(longest)).isEmpty();
        assertThat(FirstSentence.problem(longest + " more")).isPresent();
    }

    @Test
    void words_thatReadersMustGuess_areNotUsed() {
        List<String> problems = SourceFiles.main(SourceFiles.ALL).stream()
                .flatMap(file -> FirstSentence.unclearWords(file).stream()
                        .map(word -> SourceFiles.root().relativize(file) + ": " + word))
                .toList();
        assertThat(problems)
                .as("the files with words that a reader has to guess")
                .isEmpty();
    }

    /** Adds a problem if the Javadoc of a type does not begin with a sentence that stands alone. */
    private static void check(DocTrees docs, TreePath path, ClassTree type, List<String> problems) {
        DocCommentTree comment = docs.getDocCommentTree(path);
        if (comment == null) {
            if (type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
                problems.add(type.getSimpleName() + ": a public type needs Javadoc");
            }
            return;
        }
        String sentence = FirstSentence.text(comment);
        FirstSentence.problem(sentence)
                .ifPresent(problem -> problems.add(type.getSimpleName() + ": " + problem + ": " + sentence));
    }
}
