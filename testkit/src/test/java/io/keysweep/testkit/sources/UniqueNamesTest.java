package io.keysweep.testkit.sources;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.TreeScanner;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Checks that one name means one thing: no two files of this project define types of the same name, and no nested type
 * of a shipped module has the name of another type there.
 */
class UniqueNamesTest {

    /** The names that several nested types may have, with the reason. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "Reason", "each is the reason of the exception that it is nested in, and is written with it",
            "Refused", "each is the case of a sealed result that it is nested in, and is written with it");

    @Test
    void types_ofAllModules_haveDifferentNames() {
        Map<String, List<Path>> files = SourceFiles.main(SourceFiles.ALL).stream()
                .collect(groupingBy(file -> String.valueOf(file.getFileName()), TreeMap::new, toList()));
        files.values().removeIf(same -> same.size() == 1);

        assertThat(files).isEmpty();
    }

    @Test
    void nestedTypes_ofShippedModules_haveNamesOfTheirOwn() {
        List<String> types = new ArrayList<>();
        for (CompilationUnitTree unit :
                SourceFiles.parse(SourceFiles.main(SourceFiles.SHIPPED)).units()) {
            new TypeNames(String.valueOf(unit.getPackageName()), types).scan(unit, null);
        }
        Map<String, List<String>> byName = types.stream()
                .collect(groupingBy(type -> type.substring(type.lastIndexOf('.') + 1), TreeMap::new, toList()));
        byName.values().removeIf(same -> same.size() == 1);

        assertThat(byName.keySet()).as("types of the same name: %s", byName).isEqualTo(EXCEPTIONS.keySet());
    }

    /** Collects the names of the types of a file, without the nested types whose place says what they are. */
    private static final class TypeNames extends TreeScanner<@Nullable Void, @Nullable Void> {

        private final String packageName;
        private final List<String> names;
        private final Deque<String> outerTypes = new ArrayDeque<>();

        private TypeNames(String packageName, List<String> names) {
            this.packageName = packageName;
            this.names = names;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
            String name = type.getSimpleName().toString();
            // An anonymous class has no name.
            if (!name.isEmpty() && (outerTypes.isEmpty() || !(isDocumentPart() || isCommand(type)))) {
                List<String> qualified = new ArrayList<>(outerTypes);
                qualified.addFirst(packageName);
                qualified.add(name);
                names.add(String.join(".", qualified));
            }
            outerTypes.addLast(name);
            super.visitClass(type, null);
            outerTypes.removeLast();
            return null;
        }

        /** Returns whether nested types are parts of a JSON document, which have the names of its fields. */
        private boolean isDocumentPart() {
            return packageName.startsWith("io.keysweep.api")
                    || outerTypes.getLast().endsWith("Document");
        }

        /** Returns whether a type is a command of the command line, whose name is that of the command. */
        private static boolean isCommand(ClassTree type) {
            return type.getModifiers().getAnnotations().stream()
                    .map(AnnotationTree::getAnnotationType)
                    .anyMatch(annotation -> annotation.toString().equals("Command"));
        }
    }
}
