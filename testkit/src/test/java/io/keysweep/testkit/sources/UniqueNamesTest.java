package io.keysweep.testkit.sources;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Checks that one name means one thing: no two files of this project define types of the same name. Nested types are not
 * checked, because readers see them with the name of their outer type.
 */
class UniqueNamesTest {

    @Test
    void types_ofAllModules_haveDifferentNames() {
        Map<String, List<Path>> files = SourceFiles.main(SourceFiles.ALL).stream()
                .collect(groupingBy(
                        file -> String.valueOf(file.getFileName()),
                        TreeMap::new,
                        java.util.stream.Collectors.toList()));
        files.values().removeIf(same -> same.size() == 1);

        assertThat(files).isEmpty();
    }
}
