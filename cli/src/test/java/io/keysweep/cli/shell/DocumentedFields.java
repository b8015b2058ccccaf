package io.keysweep.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Checks that a page of the documentation names the fields of JSON documents. */
public final class DocumentedFields {

    private DocumentedFields() {}

    /** Checks that {@code docs/json.md} names each component of some records. */
    @SafeVarargs
    public static void assertAreDocumented(Class<? extends Record>... documents) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "json.md"));
        for (Class<? extends Record> document : documents) {
            assertThat(Stream.of(document.getRecordComponents())
                            .map(component -> "`" + component.getName() + "`")
                            .filter(name -> !page.contains(name)))
                    .as("fields of %s that docs/json.md does not name", document.getSimpleName())
                    .isEmpty();
        }
    }
}
